using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;

namespace Incidents.Journal;

/// <summary>Nobody decides on, and nobody is shown, an event that does not follow from the one before it.</summary>
internal static class Intact
{
    /// <param name="before">The chain's hash behind the event before.</param>
    /// <exception cref="JournalBrokenException">It was changed; one line names it.</exception>
    public static void Require(Envelope e, ReadOnlySpan<byte> before)
    {
        if (!Follows(e, before))
            throw new JournalBrokenException(Damage(e));
    }

    /// <summary>The same of an event that was found by itself.</summary>
    /// <param name="before">The chain's hash behind the event before; <see langword="null"/>: there is none.</param>
    /// <exception cref="JournalBrokenException">It was changed; one line names it.</exception>
    public static StoredEvent Require(StoredEvent found, byte[]? before)
    {
        Require(found.Envelope, before ?? Chain.Start);
        return found;
    }

    /// <summary>An event as an object, once it is known to follow.</summary>
    /// <exception cref="JournalBrokenException">It was changed, or this program does not know its type; one line names it.</exception>
    public static IEvent Event(Envelope e, ReadOnlySpan<byte> before)
    {
        Require(e, before);
        try
        {
            return (IEvent)Payloads.Read(e.Type, e.Payload);
        }
        catch (UnknownPayloadException unknown)
        {
            throw new JournalBrokenException($"{e.Stream}: event {e.Version}: {unknown.Message}");
        }
    }

    /// <summary>Whether an event's hash follows from the one before.</summary>
    public static bool Follows(Envelope e, ReadOnlySpan<byte> before) => Chain.Next(before, e).AsSpan().SequenceEqual(e.Hash);

    /// <summary>What is wrong with an event that was changed.</summary>
    public static string Damage(Envelope e) => $"{e.Stream}: event {e.Version} was changed: its hash does not follow";
}
