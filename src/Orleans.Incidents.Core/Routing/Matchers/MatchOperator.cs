namespace Incidents.Routing.Matchers;

/// <summary>How a matcher compares a label's value with its own. The order is the one matchers are sorted by.</summary>
public enum MatchOperator
{
    /// <summary><c>=</c>: the same text, case and all.</summary>
    Equal,

    /// <summary><c>!=</c>: not the same text.</summary>
    NotEqual,

    /// <summary><c>=~</c>: the whole value matches a regular expression.</summary>
    Matches,

    /// <summary><c>!~</c>: the whole value does not match a regular expression.</summary>
    NotMatches,
}

/// <summary>The operators as text.</summary>
public static class MatchOperators
{
    /// <summary>The operator as it is written: <c>=</c>, <c>!=</c>, <c>=~</c> or <c>!~</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the four.</exception>
    public static string Text(this MatchOperator op) => op switch
    {
        MatchOperator.Equal => "=",
        MatchOperator.NotEqual => "!=",
        MatchOperator.Matches => "=~",
        MatchOperator.NotMatches => "!~",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not an operator"),
    };

    /// <summary>The operator for the API's two flags.</summary>
    public static MatchOperator Of(bool isRegex, bool isEqual) => (isRegex, isEqual) switch
    {
        (false, true) => MatchOperator.Equal,
        (false, false) => MatchOperator.NotEqual,
        (true, true) => MatchOperator.Matches,
        (true, false) => MatchOperator.NotMatches,
    };
}
