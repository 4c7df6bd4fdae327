using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Incidents.Server.Metrics;

/// <summary>What a scraper asked for.</summary>
/// <param name="OpenMetrics">Which of the two texts.</param>
/// <param name="Version">The version of the format. Both versions of a format have the same text here.</param>
internal sealed record ScrapeFormat(bool OpenMetrics, string Version)
{
    private static readonly ImmutableArray<string> s_escapings = ["allow-utf-8", "dots", "underscores", "values"];

    /// <summary>What is sent to whoever asks for nothing that is known.</summary>
    public static ScrapeFormat Fallback { get; } = new(false, "0.0.4");

    /// <summary>
    /// The answer's media type. From version 1.0.0 on it names how names are escaped, and that is always by underscores: what
    /// a scraper may ask for beyond it cannot bring back a name that was translated already.
    /// </summary>
    public string ContentType =>
        $"{(OpenMetrics ? "application/openmetrics-text" : "text/plain")}; version={Version}; charset=utf-8"
        + (Version[0] == '0' ? "" : "; escaping=underscores");

    /// <summary>
    /// The acceptable format of the highest quality, the first of equals. An entry with a version, an escaping or a quality
    /// that is unknown is passed over, and wild cards too, so that a browser gets the plain text.
    /// </summary>
    public static ScrapeFormat Negotiate(IList<MediaTypeHeaderValue> accept) =>
        accept
            .Select(Read)
            .Where(read => read.Quality > 0)
            .OrderByDescending(read => read.Quality)
            .Select(read => read.Format)
            .FirstOrDefault() ?? Fallback;

    private static (ScrapeFormat? Format, double Quality) Read(MediaTypeHeaderValue entry)
    {
        var openMetrics = entry.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        if (!openMetrics && !entry.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            return default;
        var version = Parameter(entry, "version") ?? (openMetrics ? "1.0.0" : "0.0.4");
        var known = version == "1.0.0" || version == (openMetrics ? "0.0.1" : "0.0.4");
        var escaping = Parameter(entry, "escaping");
        return known && (escaping is null || s_escapings.Contains(escaping))
            ? (new ScrapeFormat(openMetrics, version), Quality(entry))
            : default;
    }

    private static double Quality(MediaTypeHeaderValue entry)
    {
        if (Parameter(entry, "q") is not { } text)
            return 1;
        var read = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality);
        return read && quality <= 1 ? quality : 0;
    }

    private static string? Parameter(MediaTypeHeaderValue entry, string name) =>
        entry.Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().ToString();
}
