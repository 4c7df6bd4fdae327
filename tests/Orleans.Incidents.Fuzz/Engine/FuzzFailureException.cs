using System.Globalization;
using System.Text;

namespace Incidents.Fuzz.Engine;

/// <summary>An input that breaks a law, with all that it takes to see it again.</summary>
/// <param name="replay">What makes the input again, where its bytes alone do not; base64.</param>
internal sealed class FuzzFailureException(string target, int seed, byte[] input, Exception broken, string? replay = null)
    : Exception(Describe(target, seed, input, broken, replay ?? Convert.ToBase64String(input)), broken)
{
    private const int MaxShown = 2_000;

    public static string Escape(ReadOnlySpan<byte> input)
    {
        var text = new StringBuilder(input.Length);
        foreach (var b in input[..Math.Min(input.Length, MaxShown)])
            text.Append(b switch { (byte)'\n' => "\\n", (byte)'\r' => "\\r", (byte)'\\' => "\\\\", >= 0x20 and < 0x7F => ((char)b).ToString(), _ => string.Create(CultureInfo.InvariantCulture, $"\\x{b:x2}") });
        return input.Length > MaxShown ? text.Append('…').ToString() : text.ToString();
    }

    private static string Describe(string target, int seed, byte[] input, Exception broken, string replay) => $"""
        {target} (seed {seed}): {broken.GetType().Name}: {broken.Message}
        input of {input.Length} bytes: {Escape(input)}
        see it again: {Settings.ReplayVariable}='{target}:{replay}' dotnet test -c Release tests/Orleans.Incidents.Fuzz
        {broken.StackTrace}
        """;
}
