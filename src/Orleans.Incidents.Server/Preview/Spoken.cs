using System.Text;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Routing;
using Incidents.Routing.Intervals;
using Incidents.Throttling;
using NodaTime;
using NodaTime.Text;

namespace Incidents.Server.Preview;

/// <summary>Small values in words, for people.</summary>
internal static class Spoken
{
    private static readonly NodaTime.Duration Precise = NodaTime.Duration.FromMinutes(2);

    /// <summary>How long ago, as configuration writes it: in whole seconds, from two minutes on in whole minutes.</summary>
    public static string Of(NodaTime.Duration duration)
    {
        var shown = duration < NodaTime.Duration.Zero ? NodaTime.Duration.Zero : duration;
        var unit = shown < Precise ? NodaTime.Duration.FromSeconds(1) : NodaTime.Duration.FromMinutes(1);
        return DurationText.Format(unit * Math.Floor(shown / unit));
    }

    /// <summary>A budget as configuration writes it.</summary>
    public static string Of(Budget budget) => $"{budget.Count}/{DurationText.Format(budget.Period)} burst {budget.Burst}";

    /// <summary>Until when a route is mute, and why.</summary>
    public static string Of(Mute mute) =>
        $"muted {(mute.Until is { } until ? $"until {InstantPattern.General.Format(until)}" : "for years to come")} by {OneLine(mute.By)}";

    /// <summary>Labels as matchers write them; nothing for none.</summary>
    public static string Of(LabelSet labels) => string.Join(", ", labels.Select(l => $"{OneLine(l.Key)}={Quote(l.Value)}"));

    /// <summary>"OverRequestBudget" as "over request budget".</summary>
    public static string Of(Reason reason) =>
        string.Concat(reason.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}";

    /// <summary>"1 alert", "2 alerts".</summary>
    public static string Count(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>A sender's text in quotes; nothing of it can move a terminal's cursor.</summary>
    public static string Quote(string text) => $"\"{OneLine(text).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>A sender's text on one line.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var safe = new StringBuilder(text.Length);
        foreach (var c in text)
            _ = c == '\n' ? safe.Append("\\n") : IsUnsafe(c) ? safe.Append($"\\u{(int)c:x4}") : safe.Append(c);
        return safe.ToString();
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
