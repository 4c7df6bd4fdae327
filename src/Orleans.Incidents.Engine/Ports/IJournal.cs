using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Grouping;

namespace Incidents.Engine;

/// <summary>Where flushes become durable. Called by one thread at a time.</summary>
public interface IJournal
{
    /// <summary>Writes a flush as one transaction, durably, or nothing of it.</summary>
    FlushOutcome Commit(Flush flush);

    /// <summary>
    /// Settles a flush of unknown outcome by trying to insert its id: a duplicate means that it committed, success that it
    /// never can. May itself be unknown again.
    /// </summary>
    FlushOutcome Settle(Flush flush);
}

/// <summary>How a flush ended.</summary>
public enum FlushStatus
{
    /// <summary>Durable, but for what <see cref="FlushOutcome.Lost"/> names.</summary>
    Committed,

    /// <summary>Nothing of it is there, and the reason may pass.</summary>
    Lost,

    /// <summary>Nothing of it is there, because of what it holds.</summary>
    Rejected,

    /// <summary>Nobody knows: settle it before anything else.</summary>
    Unknown,
}

/// <summary>How a flush ended.</summary>
/// <param name="Status">How.</param>
/// <param name="Position">Its place in the journal, dense from 1, when it is committed.</param>
/// <param name="Lost">Commits whose stream had moved on; the journal left them out, with all that depends on them within the flush.</param>
/// <param name="Detail">For a person, when it is not committed.</param>
/// <param name="LostShards">Shards that another node has taken over, which is why it is lost.</param>
public sealed record FlushOutcome(FlushStatus Status, long Position, IReadOnlyList<Commit> Lost, string Detail, IReadOnlyList<int> LostShards)
{
    /// <summary>It is lost because a node lives that does not read all of it: it is decided again, and refused.</summary>
    public bool IsTooNew { get; private init; }

    /// <summary>Whether storage failed, so that the same may fail again.</summary>
    public bool IsFailure => Status == FlushStatus.Lost && LostShards.Count == 0 && !IsTooNew;

    public static FlushOutcome TooNew(string detail) => new(FlushStatus.Lost, 0, [], detail, []) { IsTooNew = true };

    public static FlushOutcome Committed(long position, IReadOnlyList<Commit>? lost = null) => new(FlushStatus.Committed, position, lost ?? [], "", []);

    public static FlushOutcome Failed(FlushStatus status, string detail) => new(status, 0, [], detail, []);

    public static FlushOutcome Taken(IReadOnlyList<int> shards) => new(FlushStatus.Lost, 0, [], "another node owns what this flush uses", shards);
}

/// <summary>What is flushed. Called from the engine's own thread while flushes go on.</summary>
public interface IJournalReader
{
    /// <summary>The flushed events of streams, in the order asked for; version 0 for a stream that does not exist.</summary>
    IReadOnlyList<StreamImage> Load(IReadOnlyList<StreamId> streams);

    /// <summary>Stored messages of a lane behind a place and due at or before a time, in order of (due, id).</summary>
    IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit);

    /// <summary>The request that was accepted under a sender's id; <see langword="null"/>: none.</summary>
    RequestAnswer? FindRequest(CommandId key);
}

/// <summary>A stream as flushed.</summary>
/// <param name="Number">The journal's number for it; 0 when it does not exist.</param>
/// <param name="Version">The version of the last event; 0 when it does not exist.</param>
/// <param name="Hash">The chain's hash behind the last event.</param>
/// <param name="Events">All events in order, or those behind the snapshot.</param>
/// <param name="Snapshot">A state to start from; <see langword="null"/>: the kind's beginning.</param>
/// <param name="Saved">Of a group: its repeats as last saved at this very version; <see langword="null"/>: none.</param>
public sealed record StreamImage(long Number, long Version, byte[] Hash, IReadOnlyList<IEvent> Events, object? Snapshot = null, SavedRepeats? Saved = null)
{
    /// <summary>A stream that does not exist.</summary>
    public static StreamImage Nothing { get; } = new(0, 0, [], []);
}

/// <summary>
/// Repeats of a group that no event covers, kept in one row that is written over, so that neither memory nor a restart needs the
/// receipt blocks that hold them.
/// </summary>
/// <param name="Version">The group's version that they rest on; with a newer one an event covers them.</param>
/// <param name="Repeats">All of them up to a moment.</param>
/// <param name="Through">The last of them, counted from 1 since the group first existed.</param>
public sealed record SavedRepeats(long Version, Repeats Repeats, long Through);

/// <summary>Where a stored message waits.</summary>
public enum Lane
{
    /// <summary>For an actor: timers, and what a flush cut off.</summary>
    Inside = 0,

    /// <summary>For a channel: pages, let in as channels have room.</summary>
    Outward = 1,
}

/// <summary>A place in the order of stored messages.</summary>
public readonly record struct DueKey(long Due, UInt128 Id) : IComparable<DueKey>
{
    public static DueKey Start { get; } = new(long.MinValue, 0);

    public int CompareTo(DueKey other) => Due != other.Due ? Due.CompareTo(other.Due) : Id.CompareTo(other.Id);

    public static bool operator <(DueKey a, DueKey b) => a.CompareTo(b) < 0;

    public static bool operator >(DueKey a, DueKey b) => a.CompareTo(b) > 0;

    public static bool operator <=(DueKey a, DueKey b) => a.CompareTo(b) <= 0;

    public static bool operator >=(DueKey a, DueKey b) => a.CompareTo(b) >= 0;
}

/// <summary>What leaves the engine behind a flush, in order. Called on the engine's thread; must not block.</summary>
public interface IEngineOutput
{
    /// <summary>An attempt to deliver a page may be made now.</summary>
    void Attempt(Pages.PageContent page, int attempt, Tracing.Origin? origin);

    /// <summary>These commits are durable at this position.</summary>
    void Flushed(long position, IReadOnlyList<Commit> commits);
}
