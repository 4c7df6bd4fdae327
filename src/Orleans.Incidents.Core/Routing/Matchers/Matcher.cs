using System.Text;
using Incidents.Alerts;
using Incidents.Routing.Re2;

namespace Incidents.Routing.Matchers;

/// <summary>
/// One condition on one label: <c>name op "value"</c>. An absent label has the empty value, so <c>a!="1"</c> and
/// <c>a=~".*"</c> hold without it. Immutable, thread-safe, equal by content.
/// </summary>
public sealed class Matcher : IEquatable<Matcher>
{
    private readonly AnchoredPattern? _pattern;

    private Matcher(string name, MatchOperator op, string value, AnchoredPattern? pattern)
    {
        Name = name;
        Operator = op;
        Value = value;
        _pattern = pattern;
    }

    /// <summary>The order within a route's key: by name, then value, then operator, ordinal.</summary>
    public static IComparer<Matcher> Order { get; } = Comparer<Matcher>.Create(Compare);

    /// <summary>The label's name. Not checked here: the UTF-8 grammar allows any, even the empty one.</summary>
    public string Name { get; }

    /// <summary>How values are compared.</summary>
    public MatchOperator Operator { get; }

    /// <summary>What to compare with: a text, or a pattern without its anchors.</summary>
    public string Value { get; }

    /// <summary>The API's flag: whether <see cref="Value"/> is a pattern.</summary>
    public bool IsRegex => Operator is MatchOperator.Matches or MatchOperator.NotMatches;

    /// <summary>The API's flag: whether the comparison is to hold (<c>=</c>, <c>=~</c>) rather than to fail.</summary>
    public bool IsEqual => Operator is MatchOperator.Equal or MatchOperator.Matches;

    /// <summary>Builds a matcher; an error, placed within <paramref name="value"/>, when it is to be a pattern and is none.</summary>
    public static Parsed<Matcher> Create(string name, MatchOperator op, string value)
    {
        if (op is MatchOperator.Equal or MatchOperator.NotEqual)
            return Parsed.Of(new Matcher(name, op, value, null));
        return AnchoredPattern.Compile(value).TryGet(out var pattern, out var error)
            ? Parsed.Of(new Matcher(name, op, value, pattern))
            : Parsed.Failed<Matcher>(error.Message, error.Offset);
    }

    /// <summary>The matcher <c>name="value"</c>.</summary>
    public static Matcher EqualTo(string name, string value) => new(name, MatchOperator.Equal, value, null);

    /// <summary>Whether a value satisfies it; the empty text stands for an absent label.</summary>
    public bool Matches(string value) => Operator switch
    {
        MatchOperator.Equal => value == Value,
        MatchOperator.NotEqual => value != Value,
        MatchOperator.Matches => _pattern!.IsMatch(value),
        _ => !_pattern!.IsMatch(value),
    };

    /// <summary>Whether a label set satisfies it.</summary>
    public bool Matches(LabelSet labels) => Matches(labels[Name]);

    /// <inheritdoc/>
    public bool Equals(Matcher? other) =>
        other is not null && Operator == other.Operator && Name == other.Name && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Matcher);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Operator, Value);

    /// <summary>
    /// The canonical text, as Alertmanager writes it: the value always quoted (only <c>\</c>, <c>"</c> and line feeds are
    /// escaped), the name only where it holds a character that the grammar reserves, and then both by Go's rules. With a name
    /// that is not empty, it parses back to an equal matcher.
    /// </summary>
    public override string ToString() => MatcherGrammar.NeedsQuotes(Name)
        ? GoQuote.Quote(Name) + Operator.Text() + GoQuote.Quote(Value)
        : $"{Name}{Operator.Text()}\"{Escape(Value)}\"";

    private static int Compare(Matcher a, Matcher b)
    {
        var order = string.CompareOrdinal(a.Name, b.Name);
        if (order == 0)
            order = string.CompareOrdinal(a.Value, b.Value);
        return order != 0 ? order : a.Operator.CompareTo(b.Operator);
    }

    private static string Escape(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' => text.Append("\\\""),
                _ => text.Append(c),
            };
        }

        return text.ToString();
    }
}
