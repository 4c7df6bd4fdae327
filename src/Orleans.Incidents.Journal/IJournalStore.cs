using Incidents.Engine;
using Incidents.Engine.Codec;
using NodaTime;

namespace Incidents.Journal;

/// <summary>
/// The writer's side of a journal with what is kept beside the flushes. What is written here is durable when a method returns, and a
/// <see cref="JournalBrokenException"/> from any of them means that the process must leave service.
/// </summary>
public interface IJournalStore : IJournal, IDisposable
{
    /// <summary>Whether the process before this one did not end in order.</summary>
    bool AfterDeath { get; }

    /// <summary>Random bytes made with the journal; receipts are signed with them.</summary>
    JournalSecrets Secrets { get; }

    /// <summary>What may be written.</summary>
    Speech Speech { get; }

    /// <summary>The last flush's position as far as this process knows; 0: none.</summary>
    long Position { get; }

    /// <summary>The latest time of the last flushes; 1970 when there is none. No later flush should be of an earlier time.</summary>
    Instant LastTime { get; }

    /// <summary>The process ends in order: nothing that it was doing is suspected by the next one.</summary>
    void EndInOrder();

    /// <summary>Adds rows of what was refused, in a transaction of their own.</summary>
    /// <exception cref="JournalFailureException">Nothing was written; it may be tried again.</exception>
    void WriteRefused(IEnumerable<RefusedRow> rows);

    /// <summary>Writes one small row to show that the next flush could be written.</summary>
    /// <exception cref="JournalFailureException">It could not.</exception>
    void ProveWritable(Instant now);

    /// <summary>Stores when senders of heartbeats were last heard; a time earlier than the one stored changes nothing.</summary>
    /// <exception cref="JournalFailureException">Nothing was written; it may be tried again.</exception>
    void WriteBeats(IEnumerable<BeatRow> rows);

    /// <summary>Forgets senders of heartbeats.</summary>
    /// <exception cref="JournalFailureException">Nothing was written; it may be tried again.</exception>
    void ForgetBeats(IEnumerable<string> integrations);

    /// <summary>What is stored of senders of heartbeats.</summary>
    /// <exception cref="JournalFailureException">It cannot be read now.</exception>
    IReadOnlyList<BeatRow> Beats();

    /// <summary>
    /// Forgets what is old: request ids, the bytes of receipt blocks (their hashes stay, so the journal still verifies), and rows of
    /// what was refused. At most so many rows of each at a time.
    /// </summary>
    /// <returns>Whether there is more to forget.</returns>
    /// <exception cref="JournalFailureException">Nothing was forgotten; it may be tried again.</exception>
    bool Prune(Instant requestsBefore, Instant blocksBefore, Instant refusedBefore, int limit);
}

/// <summary>What people and views read, and what a start reads of pages.</summary>
public interface IStoredHistory : IJournalHistory
{
    /// <summary>Pages that are made and have not ended, each with when it was made. Reads every waiting message once.</summary>
    IReadOnlyList<(string Page, Instant Since)> OpenPages(int limit);
}
