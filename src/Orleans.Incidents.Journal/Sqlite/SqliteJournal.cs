using Incidents.Audit;
using Incidents.Engine;
using Incidents.Engine.Turns;
using NodaTime;

namespace Incidents.Journal.Sqlite;

/// <summary>
/// The writer's side of the journal file: one thread, one connection, a flush a transaction. Durable means WAL with
/// synchronous=FULL, read back at start; checkpoints run between commits, never inside one.
/// </summary>
public sealed class SqliteJournal : IJournal, IDisposable
{
    private const long CheckpointBytes = 16 << 20;

    private readonly Database _database;
    private readonly MerkleLog _log;
    private readonly Lock _lock = new();
    private long _position;
    private long _lastEvent;
    private long _sinceCheckpoint;
    private JournalBrokenException? _broken;

    /// <summary>Opens or creates the file and brings it up to date.</summary>
    /// <exception cref="JournalRefusedException">It is of a newer version, damaged, or its storage is weaker than promised.</exception>
    public SqliteJournal(string path)
    {
        _database = new Database(path, readOnly: false);
        Settings.Apply(_database, path);
        Migrations.Apply(_database, path);
        _position = _database.Number("SELECT max(position) FROM flush");
        _lastEvent = _database.Number("SELECT max(n) FROM event");
        _log = Log(path);
        Secret = MetaOrNew("secret");
    }

    /// <summary>32 random bytes made with the file; receipts are signed with them.</summary>
    public byte[] Secret { get; }

    /// <summary>The last flush's position; 0: none.</summary>
    public long Position => _position;

    public FlushOutcome Commit(Flush flush)
    {
        lock (_lock)
        {
            ThrowIfBroken();
            return CommitNow(flush);
        }
    }

    public FlushOutcome Settle(Flush flush)
    {
        lock (_lock)
        {
            ThrowIfBroken();
            return SettleNow(flush);
        }
    }

    private FlushOutcome CommitNow(Flush flush)
    {
        WrittenFlush written;
        try
        {
            _database.Execute("BEGIN IMMEDIATE");
            written = FlushWriter.Write(_database, flush, _position + 1, _lastEvent, _log);
            _database.Execute("COMMIT");
        }
        catch (SqliteFailureException failure)
        {
            if (failure.IsFailedSync)
                throw Break(failure);

            // What ended without a transaction being open may be on disk all the same.
            if (_database.AutoCommit)
                return FlushOutcome.Failed(FlushStatus.Unknown, failure.Message);
            _database.Execute("ROLLBACK");
            return failure.IsContent ? Reject(flush, failure.Message) : FlushOutcome.Failed(FlushStatus.Lost, failure.Message);
        }
        catch (Exception content) when (content is not OutOfMemoryException)
        {
            // A message that cannot be written down is its own fault: the flush is halved until it is found.
            _database.Execute("ROLLBACK");
            return Reject(flush, content.Message);
        }

        // Durable from here on: what goes wrong later must not make it look lost.
        Advance(written.LastEvent, written.Leaf);
        Checkpoint(written.Bytes);
        return FlushOutcome.Committed(_position, written.Lost);
    }

    // One message alone is at fault: that it failed is counted where a restart finds it.
    private FlushOutcome Reject(Flush flush, string why)
    {
        if (flush.Entries is [Commit { Consumed: { Stored: true } message }])
        {
            var count = _database.Prepare("UPDATE message SET attempts=attempts+1 WHERE id=?1");
            count.Begin();
            count.Bind(message.Id.ToBytes()).Run();
        }

        return FlushOutcome.Failed(FlushStatus.Rejected, why);
    }

    private FlushOutcome SettleNow(Flush flush)
    {
        try
        {
            var leaf = FlushWriter.Void(_database, _position + 1, _lastEvent, _log);
            Advance(_lastEvent, leaf);
            return FlushOutcome.Failed(FlushStatus.Lost, "the flush did not commit and never can");
        }
        catch (SqliteFailureException failure) when (failure.IsContent)
        {
            _database.Execute("ROLLBACK");
            var found = _database.Prepare("SELECT last_event, leaf FROM flush WHERE position=?1 AND id=?2");
            using (found.Begin())
            {
                if (!found.Bind(_position + 1).Bind(flush.Id.ToBytes()).Step())
                    throw new JournalBrokenException($"flush {_position + 1} is neither there nor can be inserted: {failure.Message}");
                Advance(found.Long(0), found.Blob(1));
            }

            return FlushOutcome.Committed(_position, FlushWriter.LeftOut(_database, flush));
        }
        catch (SqliteFailureException failure) when (!failure.IsFailedSync)
        {
            if (!_database.AutoCommit)
                _database.Execute("ROLLBACK");
            return FlushOutcome.Failed(FlushStatus.Unknown, failure.Message);
        }
        catch (SqliteFailureException failure)
        {
            throw Break(failure);
        }
    }

    /// <summary>Adds rows of what was refused, in a transaction of their own.</summary>
    /// <exception cref="SqliteFailureException">Nothing was written; it may be tried again.</exception>
    /// <exception cref="JournalBrokenException">A sync failed, now or before: the process must leave service.</exception>
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

    /// <summary>
    /// Forgets what is old: request ids, the bytes of receipt blocks (their hashes stay, so the journal still verifies), and rows of
    /// what was refused. At most so many rows of each at a time.
    /// </summary>
    /// <returns>Whether there is more to forget.</returns>
    /// <exception cref="SqliteFailureException">Nothing was forgotten; it may be tried again.</exception>
    /// <exception cref="JournalBrokenException">A sync failed, now or before: the process must leave service.</exception>
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
            ThrowIfBroken();
            try
            {
                _database.Execute("BEGIN IMMEDIATE");
                var result = write();
                _database.Execute("COMMIT");
                return result;
            }
            catch (SqliteFailureException failure) when (failure.IsFailedSync)
            {
                throw Break(failure);
            }
            finally
            {
                if (_broken is null && !_database.AutoCommit)
                    _database.Execute("ROLLBACK");
            }
        }
    }

    // Once a sync has failed the system may have thrown away what it could not write: no later success means anything.
    private JournalBrokenException Break(SqliteFailureException failure) => _broken = new JournalBrokenException(failure.Message);

    private void ThrowIfBroken()
    {
        if (_broken is { } broken)
            throw new JournalBrokenException(broken.Message);
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

    public void Dispose()
    {
        if (_broken is null)
            _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        _database.Dispose();
    }

    private void Advance(long lastEvent, byte[] leaf)
    {
        _position++;
        _lastEvent = lastEvent;
        _log.Add(leaf);
    }

    private void Checkpoint(long bytes)
    {
        _sinceCheckpoint += bytes;
        if (_sinceCheckpoint < CheckpointBytes)
            return;
        try
        {
            _database.Execute("PRAGMA wal_checkpoint(PASSIVE)");
            _sinceCheckpoint = 0;
        }
        catch (SqliteFailureException failure) when (!failure.IsFailedSync)
        {
            // Nothing is lost, the log only grows: it is tried again behind a later flush.
            _sinceCheckpoint = CheckpointBytes / 2;
        }
        catch (SqliteFailureException failure)
        {
            throw Break(failure);
        }
    }

    private MerkleLog Log(string path)
    {
        try
        {
            return MerkleLog.Restore(_position, Meta("merkle"));
        }
        catch (ArgumentException damaged)
        {
            throw new JournalRefusedException($"{path} is damaged: {damaged.Message}; audit verify says more");
        }
    }

    private byte[] Meta(string key)
    {
        var statement = _database.Prepare("SELECT value FROM meta WHERE key=?1");
        using (statement.Begin())
            return statement.Bind(key).Step() ? statement.Blob(0) : [];
    }

    private byte[] MetaOrNew(string key)
    {
        if (Meta(key) is { Length: > 0 } known)
            return known;
        var made = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32);
        var statement = _database.Prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)");
        statement.Begin();
        statement.Bind(key).Bind(made).Run();
        return made;
    }
}
