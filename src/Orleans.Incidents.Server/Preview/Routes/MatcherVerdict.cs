using Incidents.Alerts;
using Incidents.Routing.Matchers;
using LabelMatcher = Incidents.Routing.Matchers.Matcher;

namespace Incidents.Server.Preview;

/// <summary>One matcher and what it says to one alert.</summary>
/// <param name="Matcher">Its canonical text.</param>
/// <param name="Value">The alert's value; empty when it has no such label.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="Text">Why, in words; where it fails by little, also what would have held.</param>
internal sealed record MatcherVerdict(string Matcher, string Value, bool Holds, string Text)
{
    /// <summary>Asks a matcher.</summary>
    public static MatcherVerdict Of(LabelMatcher matcher, LabelSet labels)
    {
        var value = labels[matcher.Name];
        var holds = matcher.Matches(value);
        return new MatcherVerdict(matcher.ToString(), value, holds, Say(matcher, value, holds) + (holds ? "" : Hint(matcher, value, labels)));
    }

    private static string Say(LabelMatcher matcher, string value, bool holds)
    {
        var name = Spoken.OneLine(matcher.Name);
        var has = value.Length == 0 ? $"{name} is absent" : $"{name} is {Spoken.Quote(value)}";
        var wanted = matcher.IsRegex ? Spoken.OneLine(matcher.Value) : matcher.Value.Length == 0 ? "absent" : Spoken.Quote(matcher.Value);
        return matcher.Operator switch
        {
            MatchOperator.Equal => holds ? has : $"{has}, not {wanted}",
            MatchOperator.NotEqual => holds ? $"{has}, not {wanted}" : $"{has}, which is what must not be",
            MatchOperator.Matches => holds ? $"{has}, which matches {wanted}" : $"{has}, which does not match {wanted}",
            _ => holds ? $"{has}, which does not match {wanted}" : $"{has}, which matches {wanted} and must not",
        };
    }

    // What people stumble over when they are tired: case, blanks, anchors, and = where =~ was meant.
    private static string Hint(LabelMatcher matcher, string value, LabelSet labels)
    {
        if (value.Length == 0)
            return labels.FirstOrDefault(l => l.Key.Equals(matcher.Name, StringComparison.OrdinalIgnoreCase)).Key is { } near ? $" (there is {Spoken.OneLine(near)}: names differ by case)" : "";
        if (!matcher.IsEqual)
            return "";
        if (!matcher.IsRegex)
        {
            return value.Equals(matcher.Value, StringComparison.OrdinalIgnoreCase) ? " (they differ by case only)"
                : value.Trim() == matcher.Value.Trim() ? " (they differ by white space only)"
                : Accepts(matcher, matcher.Value, value) ? " (= compares texts; =~ would match)"
                : "";
        }

        return Accepts(matcher, $"(?i:{matcher.Value})", value) ? " (they differ by case only; (?i) before the pattern would match)"
            : Accepts(matcher, $"(?s:.*)(?:{matcher.Value})(?s:.*)", value) ? " (a pattern must match the whole value; a part of it does)"
            : "";
    }

    private static bool Accepts(LabelMatcher matcher, string pattern, string value) =>
        LabelMatcher.Create(matcher.Name, MatchOperator.Matches, pattern).TryGet(out var other, out _) && other.Matches(value);
}
