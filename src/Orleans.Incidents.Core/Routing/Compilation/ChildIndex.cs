using System.Collections.Frozen;
using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Routing.Matchers;

namespace Incidents.Routing.Compilation;

/// <summary>
/// Finds, of many siblings, those that can match: where most ask one label for one value (<c>service="…"</c>), a look-up
/// replaces the walk. It only leaves out siblings that cannot match, and keeps the order.
/// </summary>
internal sealed class ChildIndex
{
    private const int WorthIt = 8;

    private readonly string? _label;
    private readonly FrozenDictionary<string, Route[]> _byValue;
    private readonly Route[] _others;

    private ChildIndex(string? label, FrozenDictionary<string, Route[]> byValue, Route[] others)
    {
        _label = label;
        _byValue = byValue;
        _others = others;
    }

    public static ChildIndex Empty { get; } = new(null, FrozenDictionary<string, Route[]>.Empty, []);

    /// <summary>Builds the index, by the label that most siblings ask for; none where it would save little.</summary>
    public static ChildIndex Of(ImmutableArray<Route> children)
    {
        var best = children.SelectMany(c => c.Matchers.Where(m => m.Operator == MatchOperator.Equal).Select(m => m.Name).Distinct())
            .GroupBy(n => n, StringComparer.Ordinal).MaxBy(g => g.Count());

        // Each list repeats the siblings that ask for no value, so they must be few.
        if (best is null || best.Count() < WorthIt || best.Count() < children.Length - best.Count())
            return new ChildIndex(null, FrozenDictionary<string, Route[]>.Empty, [.. children]);

        var label = best.Key;
        var others = children.Where(c => Asked(c, label) is null).ToArray();
        var byValue = children.Select(c => Asked(c, label)).OfType<string>().Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(v => v, v => children.Where(c => (Asked(c, label) ?? v) == v).ToArray(), StringComparer.Ordinal);
        return new ChildIndex(label, byValue, others);
    }

    /// <summary>The siblings to try for an alert, in order.</summary>
    public ReadOnlySpan<Route> Candidates(LabelSet labels) =>
        _label is not null && _byValue.TryGetValue(labels[_label], out var some) ? some : _others;

    private static string? Asked(Route route, string label)
    {
        foreach (var matcher in route.Matchers)
        {
            if (matcher.Operator == MatchOperator.Equal && matcher.Name == label)
                return matcher.Value;
        }

        return null;
    }
}
