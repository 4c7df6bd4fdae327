namespace Incidents.Server.Watching;

/// <summary>What may be wrong with the server itself. <see cref="FindingKinds.Name"/> is the metric's label.</summary>
internal enum FindingKind
{
    /// <summary>Stored messages that are past their time.</summary>
    LateMessages,

    /// <summary>Escalations whose step is over and that do not go on.</summary>
    StalledEscalations,

    /// <summary>Escalations that stand still because their time-out came more than 24 h late.</summary>
    LapsedEscalations,

    /// <summary>Pages that have not ended and that nothing is ahead of.</summary>
    StalledPages,

    /// <summary>Lists that do not follow the journal.</summary>
    StaleViews,

    /// <summary>The engine did not answer a look.</summary>
    SilentEngine,

    /// <summary>The journal cannot be written.</summary>
    UnwritableJournal,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Count">How many, at least 1.</param>
/// <param name="Title">One line for a person, with the count and a few examples.</param>
/// <param name="Examples">Ids of the oldest of them; may be empty.</param>
internal sealed record Finding(FindingKind Kind, long Count, string Title, IReadOnlyList<string> Examples);

/// <summary>The kinds as others see them.</summary>
internal static class FindingKinds
{
    public static IReadOnlyList<FindingKind> All { get; } = Enum.GetValues<FindingKind>();

    /// <summary>Kinds that keep the engine from taking the alarm itself: only the log, the metric and the missing heartbeat say them.</summary>
    public static bool IsUnspeakable(FindingKind kind) => kind is FindingKind.SilentEngine or FindingKind.UnwritableJournal;

    /// <summary>The stable name.</summary>
    public static string Name(FindingKind kind) => kind switch
    {
        FindingKind.LateMessages => "late_messages",
        FindingKind.StalledEscalations => "stalled_escalations",
        FindingKind.LapsedEscalations => "lapsed_escalations",
        FindingKind.StalledPages => "stalled_pages",
        FindingKind.StaleViews => "stale_views",
        FindingKind.SilentEngine => "silent_engine",
        FindingKind.UnwritableJournal => "unwritable_journal",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of finding"),
    };
}
