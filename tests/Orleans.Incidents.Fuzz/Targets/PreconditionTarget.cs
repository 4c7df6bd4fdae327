using System.Text;
using Incidents.Audit;
using Incidents.Server.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Incidents.Fuzz.Targets;

/// <summary>If-Match, a header a line: none, a version, or the one refusal.</summary>
internal sealed class PreconditionTarget : ITarget
{
    private static readonly string[] Parts = ["\"", "W/", "7", "*", ",", " ", "-", "+", "9223372036854775807", "9223372036854775808", "\\", "0x", "é", "\t", "\n", "''", "٧"];

    public string Name => "if-match";

    public double Share => 0.2;

    public IReadOnlyList<byte[]> Corpus { get; } = [.. new[] { "\"7\"", "*", "W/\"7\"", "\"7\", \"8\"", "\"7\"\n\"8\"", "\"\"", "\"", "" }.Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<byte[]> Words { get; } = [.. Parts.Select(Encoding.UTF8.GetBytes)];

    public byte[] Make(Random random) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Parts[random.Next(Parts.Length)])));

    public string Run(byte[] input)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.IfMatch = new StringValues(Encoding.UTF8.GetString(input).Split('\n'));
        try
        {
            var seen = Preconditions.Seen(http.Request);
            Law.Holds(seen is null or >= 0, "a version is not negative");
            Law.Holds(seen is not { } version || Encoding.UTF8.GetString(input).Contains(Preconditions.Tag(version).Trim('"'), StringComparison.Ordinal) || version < 10, "a version is the one given");
            return seen is null ? "any" : $"{seen.Value.ToString().Length} digits";
        }
        catch (RefusedException refused) when (refused.Reason == Reason.InvalidValue)
        {
            return "refused";
        }
    }
}
