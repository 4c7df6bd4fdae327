using Incidents.Engine;
using NodaTime;

namespace Incidents.Journal.Sqlite;

// Beside the flushes, on the same connection and under the same lock: what was refused, what is forgotten, what is copied.
public sealed partial class SqliteJournal
{
    // A step takes a few milliseconds, so that no flush waits long for it; the pauses leave the flushes the larger part of the time.
    private const int PagesAStep = 128;
    private const long BytesASync = 32 << 20;

    private PageCopy? _copy;

    /// <summary>
    /// Copies the journal into a file that must not exist, while flushes go on: what they write is carried over, so that the copy
    /// is of one flush boundary, the last one before its end. No read transaction outlives a step. The copy is on disk, and not yet
    /// verified, when this returns; when it throws, there is none.
    /// </summary>
    /// <exception cref="JournalRefusedException">It cannot be written, or another copy is under way; one line.</exception>
    public async Task CopyAsync(string to, CancellationToken cancel)
    {
        using var target = new CopyTarget(to);
        lock (_lock)
        {
            if (_broken is not null || _copy is not null)
                throw new JournalRefusedException(_broken ?? "another backup is under way");
            _copy = new PageCopy(_database, target.Database);
        }

        try
        {
            for (long written = 0; !CopyStep(target); written += PagesAStep * 4096)
            {
                cancel.ThrowIfCancellationRequested();
                if (written > 0 && written % BytesASync == 0)
                    target.Sync();
                await Task.Delay(TimeSpan.FromMilliseconds(2), cancel);
            }
        }
        finally
        {
            lock (_lock)
            {
                _copy.Dispose();
                _copy = null;
            }
        }

        target.Keep();
    }

    private bool CopyStep(CopyTarget target)
    {
        lock (_lock)
        {
            try
            {
                return _closed ? throw new JournalRefusedException("the journal is closed; no backup was written") : _copy!.Step(PagesAStep);
            }
            catch (SqliteFailureException failure)
            {
                throw new JournalRefusedException($"{target.Path} cannot be written: {failure.Message}");
            }
        }
    }

    /// <summary>Adds rows of what was refused, in a transaction of their own.</summary>
    /// <exception cref="SqliteFailureException">Nothing was written; it may be tried again.</exception>
    /// <exception cref="JournalBrokenException">A sync failed, or the folder is read-only, now or before: the process must leave service.</exception>
    public void WriteRefused(IEnumerable<RefusedRow> rows) => Beside(() =>
    {
        var insert = _database.Prepare("INSERT INTO refused (time, identity, integration, reason, detail, count) VALUES (?1,?2,?3,?4,?5,?6)");
        foreach (var row in rows)
        {
            insert.Begin();
            insert.Bind(Time.Nanoseconds(row.Time)).Bind(row.Identity).Bind(row.Integration).Bind(row.Reason).Bind(row.Detail).Bind(row.Count).Run();
        }

        return 0L;
    });

    /// <summary>Writes one small row, durably, to show that the next flush could be written.</summary>
    /// <exception cref="SqliteFailureException">It could not.</exception>
    /// <exception cref="JournalBrokenException">A sync failed, or the folder is read-only, now or before: the process must leave service.</exception>
    public void ProveWritable(Instant now) => Beside(() =>
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, Time.Nanoseconds(now));
        var save = _database.Prepare("INSERT INTO meta (key, value) VALUES ('proved', ?1) ON CONFLICT (key) DO UPDATE SET value=excluded.value");
        save.Begin();
        save.Bind(bytes).Run();
        return 0L;
    });

    /// <summary>Stores when senders of heartbeats were last heard; a time earlier than the one stored changes nothing.</summary>
    /// <exception cref="SqliteFailureException">Nothing was written; it may be tried again.</exception>
    /// <exception cref="JournalBrokenException">A sync failed, or the folder is read-only, now or before: the process must leave service.</exception>
    public void WriteBeats(IEnumerable<BeatRow> rows) => Beside(() =>
    {
        var put = _database.Prepare(
            "INSERT INTO beat (integration, since, heard) VALUES (?1,?2,?3) ON CONFLICT (integration) DO UPDATE SET heard=max(coalesce(heard, excluded.heard), coalesce(excluded.heard, heard))");
        foreach (var row in rows)
        {
            put.Begin();
            put.Bind(row.Integration).Bind(Time.Nanoseconds(row.Since));
            (row.Heard is { } heard ? put.Bind(Time.Nanoseconds(heard)) : put.Bind((string?)null)).Run();
        }

        return 0L;
    });

    /// <summary>Forgets senders of heartbeats.</summary>
    /// <exception cref="SqliteFailureException">Nothing was written; it may be tried again.</exception>
    /// <exception cref="JournalBrokenException">A sync failed, or the folder is read-only, now or before: the process must leave service.</exception>
    public void ForgetBeats(IEnumerable<string> integrations) => Beside(() =>
    {
        var delete = _database.Prepare("DELETE FROM beat WHERE integration=?1");
        foreach (var integration in integrations)
        {
            delete.Begin();
            delete.Bind(integration).Run();
        }

        return 0L;
    });

    /// <summary>What is stored of senders of heartbeats.</summary>
    public IReadOnlyList<BeatRow> Beats()
    {
        lock (_lock)
        {
            var rows = new List<BeatRow>();
            var all = _database.Prepare("SELECT integration, since, heard FROM beat");
            using (all.Begin())
            {
                while (all.Step())
                    rows.Add(new BeatRow(all.Text(0), Time.Instant(all.Long(1)), all.IsNull(2) ? null : Time.Instant(all.Long(2))));
            }

            return rows;
        }
    }

    /// <summary>
    /// Forgets what is old: request ids, the bytes of receipt blocks (their hashes stay, so the journal still verifies), and rows of
    /// what was refused. At most so many rows of each at a time.
    /// </summary>
    /// <returns>Whether there is more to forget.</returns>
    /// <exception cref="SqliteFailureException">Nothing was forgotten; it may be tried again.</exception>
    /// <exception cref="JournalBrokenException">A sync failed, or the folder is read-only, now or before: the process must leave service.</exception>
    public bool Prune(Instant requestsBefore, Instant blocksBefore, Instant refusedBefore, int limit) => Beside(() =>
        Change("DELETE FROM request WHERE key IN (SELECT key FROM request WHERE time<?1 LIMIT ?2)", requestsBefore, limit)
        + Change("DELETE FROM refused WHERE id IN (SELECT id FROM refused WHERE time<?1 ORDER BY id LIMIT ?2)", refusedBefore, limit)
        + PruneBlocks(blocksBefore, limit)) >= limit;

    // A transaction beside the flushes. It shares their file: what fails leaves nothing open for the next flush, and when a sync
    // fails, nothing that any flush promised is certain any more.
    private long Beside(Func<long> write)
    {
        lock (_lock)
        {
            RequireWhole();
            try
            {
                _database.Execute("BEGIN IMMEDIATE");
                var result = write();
                _database.Execute("COMMIT");
                return result;
            }
            catch (SqliteFailureException failure) when (failure.IsFailedSync || failure.IsReadOnly)
            {
                throw Broken(failure);
            }
            finally
            {
                if (_broken is null && !_database.AutoCommit)
                    _database.Execute("ROLLBACK");
            }
        }
    }

    private long PruneBlocks(Instant before, int limit)
    {
        // Flushes are in order of time but for a clock that was set back: those are pruned a little later.
        var from = Meta("pruned") is { Length: 8 } saved ? System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(saved) : 0;
        var last = _database.Prepare(
            "SELECT coalesce(max(position), 0) FROM (SELECT position, time FROM flush WHERE position>?1 AND position<(SELECT uncovered_from FROM flush ORDER BY position DESC LIMIT 1) ORDER BY position LIMIT ?2) WHERE time<?3");
        long to;
        using (last.Begin())
            to = last.Bind(from).Bind(limit).Bind(Time.Nanoseconds(before)).Step() ? last.Long(0) : 0;
        if (to <= from)
            return 0;
        var prune = _database.Prepare("UPDATE flush SET block=NULL WHERE position>?1 AND position<=?2");
        prune.Begin();
        prune.Bind(from).Bind(to).Run();
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, to);
        var save = _database.Prepare("INSERT INTO meta (key, value) VALUES ('pruned', ?1) ON CONFLICT (key) DO UPDATE SET value=excluded.value");
        save.Begin();
        save.Bind(bytes).Run();
        return to - from;
    }

    private long Change(string sql, Instant before, int limit)
    {
        var statement = _database.Prepare(sql);
        statement.Begin();
        statement.Bind(Time.Nanoseconds(before)).Bind(limit).Run();
        return _database.Number("SELECT changes()");
    }
}
