using System.Collections.Immutable;
using Incidents.Alerts;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>
/// Links for a person. Only absolute http and https addresses become links, so that no sender can plant a script; others
/// stay text where they came.
/// </summary>
internal static class WebLinks
{
    /// <summary>A link, or <see langword="null"/> for an address that is not one to click on.</summary>
    public static Link? Read(string? href, string? text = null) =>
        href is { Length: > 0 and <= IntakeLimits.MaxValueBytes }
        && (href.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || href.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            ? new Link(href, Titles.OneLine(text) ?? "")
            : null;

    /// <summary>The links there are, in order, up to the limit.</summary>
    public static ImmutableArray<Link> Some(params IEnumerable<Link?> links) =>
        [.. links.OfType<Link>().Take(IntakeLimits.MaxLinks)];
}
