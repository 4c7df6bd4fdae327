using System.Collections.Frozen;

namespace Incidents.Alerts;

/// <summary>Reads the words that senders use for a severity. Unknown words are <see langword="null"/>, never guessed.</summary>
public static class SeverityWords
{
    private static readonly FrozenDictionary<string, Severity> Words = new Dictionary<string, Severity>(StringComparer.OrdinalIgnoreCase)
    {
        ["critical"] = Severity.Critical, ["fatal"] = Severity.Critical, ["emergency"] = Severity.Critical,
        ["emerg"] = Severity.Critical, ["disaster"] = Severity.Critical, ["crit"] = Severity.Critical,
        ["p1"] = Severity.Critical, ["sev0"] = Severity.Critical, ["sev1"] = Severity.Critical,
        ["error"] = Severity.Error, ["err"] = Severity.Error, ["high"] = Severity.Error, ["major"] = Severity.Error,
        ["p2"] = Severity.Error, ["sev2"] = Severity.Error,
        ["warning"] = Severity.Warning, ["warn"] = Severity.Warning, ["minor"] = Severity.Warning,
        ["average"] = Severity.Warning, ["medium"] = Severity.Warning, ["p3"] = Severity.Warning, ["sev3"] = Severity.Warning,
        ["info"] = Severity.Info, ["information"] = Severity.Info, ["informational"] = Severity.Info, ["notice"] = Severity.Info,
        ["low"] = Severity.Info, ["none"] = Severity.Info, ["p4"] = Severity.Info, ["p5"] = Severity.Info, ["debug"] = Severity.Info,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The severity a word stands for, case-insensitively; <see langword="null"/> for an absent or unknown word.</summary>
    public static Severity? Read(string? word) => word is not null && Words.TryGetValue(word, out var severity) ? severity : null;

    /// <summary>The wire name: <c>critical</c>, <c>error</c>, <c>warning</c> or <c>info</c>.</summary>
    public static string Name(this Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Info => "info",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "not a severity"),
    };

    /// <summary>The more urgent of two.</summary>
    public static Severity MoreUrgent(Severity a, Severity b) => a < b ? a : b;
}
