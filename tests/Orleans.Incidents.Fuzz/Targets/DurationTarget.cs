using System.Text;
using Incidents.Routing;
using NodaTime;

namespace Incidents.Fuzz.Targets;

/// <summary>Durations as text: what is read and written again is the same time.</summary>
internal sealed class DurationTarget : ITarget
{
    private static readonly string[] Units = ["y", "w", "d", "h", "m", "s", "ms", "µs", "", "M"];

    public string Name => "duration";

    public double Share => 0.3;

    public IReadOnlyList<byte[]> Corpus { get; } = [.. new[] { "0", "5m", "1h30m", "292y", "1y2w3d4h5m6s7ms", "100ms" }.Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<byte[]> Words { get; } = [.. Units.Select(Encoding.UTF8.GetBytes), "９"u8.ToArray(), "99999999999999999999"u8.ToArray(), "000"u8.ToArray()];

    public byte[] Make(Random random) => Encoding.UTF8.GetBytes(string.Concat(Units.Where(_ => random.Next(3) == 0).Select(u => $"{random.NextInt64(1L << random.Next(1, 63))}{u}")));

    public string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!DurationText.Parse(text).TryGet(out var duration, out var error))
        {
            Law.Holds(error.Message.Length > 0 && error.Offset >= 0 && error.Offset <= text.Length, $"an error has a place in the text: {error}");
            return Law.Kind(error.Message);
        }

        Law.Holds(duration >= Duration.Zero, "no duration is negative");
        Law.Equal(duration.ToString(), DurationText.Parse(DurationText.Format(duration)).Value.ToString(), "a duration is read as it is written");
        return $"{DurationText.FormatGo(duration).Length} {DurationText.Format(duration).Count(char.IsAsciiLetter)}";
    }
}
