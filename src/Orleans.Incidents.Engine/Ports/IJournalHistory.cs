using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Codec;
using NodaTime;

namespace Incidents.Engine;

/// <summary>What is flushed, for people and views. Safe to call from any thread; every call is a short read of its own.</summary>
public interface IJournalHistory
{
    /// <summary>The last flush's position; 0: none.</summary>
    long Position { get; }

    /// <summary>The lowest position whose receipt block a start must read; 0: none.</summary>
    long UncoveredFrom { get; }

    /// <summary>Streams by their numbers, each with what its row keeps of a group's repeats; <see langword="null"/>: nothing. Numbers that do not exist are left out.</summary>
    IReadOnlyDictionary<long, StreamRow> Rows(IReadOnlyCollection<long> numbers);

    /// <summary>A flush's receipt block; <see langword="null"/>: no such flush, or it is pruned.</summary>
    StoredBlock? Block(long position);

    /// <summary>The receipt blocks of flushes from a position on that are there, in order, at most so many.</summary>
    IReadOnlyList<StoredBlock> Blocks(long from, int limit);

    /// <summary>Where the request lies that was accepted under an id; <see langword="null"/>: there is none, or it is forgotten.</summary>
    (long Position, int Number)? Request(CommandId key);

    /// <summary>The stream that the journal gave a number to.</summary>
    StreamId? Stream(long number);

    /// <summary>A stream's events from a version on, in order, with the flush that each is in.</summary>
    IReadOnlyList<StoredEvent> Events(StreamId stream, long from, int limit);

    /// <summary>All events of the flushes behind a position, whole flushes only, until at least so many events are read.</summary>
    IReadOnlyList<StoredEvent> After(long position, int atLeast);

    /// <summary>Of each stream of a kind that was ever configured the last event that did so, in order of their names. Streams may be long: nothing else of them is read.</summary>
    IReadOnlyList<StoredEvent> Configured(ActorKind kind);

    /// <summary>All streams of a kind.</summary>
    IReadOnlyList<StreamId> Streams(ActorKind kind);

    /// <summary>What was refused, newest first, before an id (0: from the newest).</summary>
    IReadOnlyList<RefusedRow> RefusedBefore(long id, int limit, string? identity = null, string? integration = null);
}

/// <summary>A receipt block with its flush's place and time.</summary>
public sealed record StoredBlock(long Position, Instant SealedAt, byte[] Bytes);

/// <summary>A stream, and what the row of a group keeps.</summary>
public sealed record StreamRow(StreamId Stream, SavedRepeats? Saved);

/// <summary>An event with the flush that it is in.</summary>
/// <param name="Position">The flush.</param>
/// <param name="Envelope">The event.</param>
/// <param name="Place">Its place in the flush, in order of decision, from 1.</param>
public sealed record StoredEvent(long Position, Envelope Envelope, int Place)
{
    private IEvent? _happened;

    /// <summary>Its place among all events, in order of decision: one number that grows, with gaps. A flush holds far fewer than a million.</summary>
    public long Number => (Position << 20) + Place;

    /// <summary>What the envelope holds; read from its bytes when it is first asked for, unless it is known.</summary>
    /// <exception cref="UnknownPayloadException">This version does not know it.</exception>
    public IEvent Happened
    {
        get => _happened ??= (IEvent)Payloads.Read(Envelope.Type, Envelope.Payload);
        init => _happened = value;
    }
}

/// <summary>Requests and alerts that were not accepted: one row a second, identity, integration and reason.</summary>
/// <param name="Id">Ascending.</param>
/// <param name="Time">When the first of them came.</param>
/// <param name="Identity">Who sent them; empty when nobody knows.</param>
/// <param name="Integration">Where they were sent; empty when nobody knows.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">Of the first of them.</param>
/// <param name="Count">How many.</param>
public sealed record RefusedRow(long Id, Instant Time, string Identity, string Integration, string Reason, string Detail, long Count);
