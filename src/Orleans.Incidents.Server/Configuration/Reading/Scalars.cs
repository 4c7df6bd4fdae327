using System.Collections.Immutable;
using System.Globalization;
using Incidents.Alerts;
using Incidents.Server.Configuration.Yaml;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads typed values; each reports what does not fit and answers <see langword="null"/>.</summary>
internal static class Scalars
{
    public static Duration? Duration(this Value value) =>
        value.Parsed(Texts.Duration, "a duration such as 5m or 1h30m");

    /// <summary>A duration that is longer than zero.</summary>
    public static Duration? Wait(this Value value)
    {
        var wait = value.Duration();
        if (wait == NodaTime.Duration.Zero)
            value.Error("must be longer than zero");
        return wait;
    }

    public static Budget? Budget(this Value value) =>
        value.Parsed(Texts.Budget, "a budget such as \"120/1m burst 240\"");

    /// <summary>A budget, or <c>0</c> for one that allows nothing.</summary>
    public static Budget? BudgetOrNone(this Value value) =>
        value.Parsed(t => t == "0" ? Services.ServiceDefinition.NoReserve : Texts.Budget(t), "a budget such as \"5/1h burst 5\", or 0 for none");

    public static Instant? Moment(this Value value) =>
        value.Parsed(Texts.Moment, "a date such as 2027-12-31 or a time such as 2027-12-31T18:00:00Z");

    /// <summary>A whole number within bounds, both included.</summary>
    public static int? Number(this Value value, int least, int most) =>
        value.Parsed<int>(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : null, $"a whole number from {least} to {most}");

    /// <summary>One of the four wire names; the many words of senders are not accepted here.</summary>
    public static Severity? Severity(this Value value) =>
        value.Parsed<Severity>(t => SeverityWords.Read(t) is { } s && s.Name() == t ? s : null, "critical, error, warning or info");

    /// <summary>
    /// An absolute http or https URL. It is not repeated in the message: addresses of hooks are secrets as often as not.
    /// </summary>
    public static string Url(this Value value)
    {
        if (value.Text() is not { } text)
            return "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            value.Error("expected an absolute http or https URL");
        else if (url.UserInfo.Length > 0)
            value.Error("a URL may not contain a user name or password");
        return text;
    }

    /// <summary>A mapping from names to texts, such as labels.</summary>
    public static ImmutableSortedDictionary<string, string> Labels(this Value value) =>
        value.Entries().ToImmutableSortedDictionary(e => e.Name, e => e.Value.Text(mayBeEmpty: true) ?? "", StringComparer.Ordinal);

    /// <summary>A list of texts.</summary>
    public static ImmutableArray<string> TextList(this Value value) => [.. value.Items().Select(i => i.Text() ?? "")];

    private static T? Parsed<T>(this Value value, Func<string, T?> parse, string expected)
        where T : struct =>
        value.Text() is not { } text ? null : parse(text) ?? value.Mismatch<T?>(expected, text);

    private static T? Parsed<T>(this Value value, Func<string, T?> parse, string expected)
        where T : class =>
        value.Text() is not { } text ? null : parse(text) ?? value.Mismatch<T?>(expected, text);

    private static T? Mismatch<T>(this Value value, string expected, string found)
    {
        value.Error($"expected {expected}, found {ErrorList.Quote(found)}");
        return default;
    }
}
