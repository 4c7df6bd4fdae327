using Incidents.Audit;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Turns;
using NodaTime;

namespace Incidents.Journal.Sqlite;

/// <summary>
/// The writer's side of the journal file: one thread, one connection, a flush a transaction. Durable means WAL with
/// synchronous=FULL, read back at start; checkpoints run between commits, never inside one.
/// </summary>
public sealed partial class SqliteJournal : IJournalStore
{
    private const long CheckpointBytes = 16 << 20;

    private readonly Database _database;
    private readonly MerkleLog _log;
    private readonly Lock _lock = new();
    private long _position;
    private long _lastEvent;
    private long _sinceCheckpoint;
    private string? _broken;
    private bool _closed;

    /// <summary>Opens or creates the file and brings it up to date.</summary>
    /// <exception cref="JournalRefusedException">It is of a newer version, damaged, read-only, or its storage is weaker than promised.</exception>
    public SqliteJournal(string path)
    {
        _database = Open(path);
        try
        {
            _position = _database.Number("SELECT max(position) FROM flush");
            _lastEvent = _database.Number("SELECT max(n) FROM event");
            _log = Log(path);
            TailCheck.Run(_database, path);
            Secrets = SecretRows.Open(_database);
            AfterDeath = Meta("running").Length > 0;
            _database.Execute("INSERT INTO meta (key, value) VALUES ('running', x'01') ON CONFLICT (key) DO NOTHING");
        }
        catch (SqliteFailureException damage) when (damage.IsDamage)
        {
            _database.Dispose();
            throw Damaged(path, damage);
        }
    }

    /// <summary>Whether the process before this one did not end in order.</summary>
    public bool AfterDeath { get; }

    /// <summary>Random bytes made with the file; receipts are signed with them.</summary>
    // One process at a time, and it has the file for itself: what it reads it writes.
    public Speech Speech { get; } = new(Vocabulary.Current);

    public JournalSecrets Secrets { get; }

    /// <summary>The last flush's position; 0: none.</summary>
    public long Position => _position;

    /// <summary>The latest time of the last flushes; 1970 when there is none. No later flush should be of an earlier time.</summary>
    public Instant LastTime => Time.Instant(_database.Number("SELECT max(time) FROM (SELECT time FROM flush ORDER BY position DESC LIMIT 1000)"));

    /// <summary>The process ends in order: nothing that it was doing is suspected by the next one.</summary>
    public void EndInOrder()
    {
        lock (_lock)
            _database.Execute("DELETE FROM meta WHERE key='running'");
    }

    public FlushOutcome Commit(Flush flush)
    {
        lock (_lock)
        {
            RequireWhole();
            return CommitNow(flush);
        }
    }

    public FlushOutcome Settle(Flush flush)
    {
        lock (_lock)
        {
            RequireWhole();
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
            if (failure.IsFailedSync || failure.IsReadOnly)
                throw Broken(failure);

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
            FlushWriter.CountAttempt(_database, message);
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
        catch (SqliteFailureException failure)
        {
            if (failure.IsFailedSync || failure.IsReadOnly)
                throw Broken(failure);
            if (!_database.AutoCommit)
                _database.Execute("ROLLBACK");
            return FlushOutcome.Failed(FlushStatus.Unknown, failure.Message);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            _copy?.Dispose();

            // What the disk refused to sync must not be copied on from memory as if it had not.
            if (_broken is null)
                _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            else
                _database.KeepLog();
            _database.Dispose();
        }
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
            throw Broken(failure);
        }
    }

    // Once a sync has failed the system may have thrown away what it could not write: no later success means anything.
    private void RequireWhole()
    {
        if (_broken is { } before)
            throw new JournalBrokenException(before);
    }

    private JournalBrokenException Broken(SqliteFailureException failure)
    {
        _broken = failure.IsReadOnly ? $"the data folder has become read-only ({failure.Message})" : $"what was written could not be synced to the disk ({failure.Message})";
        return new JournalBrokenException(_broken);
    }

    private static Database Open(string path)
    {
        Database? database = null;
        try
        {
            Migrations.RequireKnown(path);
            database = new Database(path, readOnly: false);
            Settings.Apply(database, path);
            Migrations.Apply(database);
            return database;
        }
        catch (SqliteFailureException damage) when (damage.IsDamage)
        {
            database?.Dispose();
            throw Damaged(path, damage);
        }
    }

    // Whoever has to mend it is told where: the first fault of the walk over the whole file, where there is anything to walk over.
    private static JournalRefusedException Damaged(string path, SqliteFailureException damage)
    {
        try
        {
            var faults = Verification.Run(path).Faults;
            var where = faults.Count > 0 ? $"{faults[0]} ({faults.Count} faults in all; audit verify lists them)" : damage.Message;
            return new JournalRefusedException($"{path} is damaged: {where}; restore a backup");
        }
        catch (SqliteFailureException unreadable)
        {
            return new JournalRefusedException($"{path} is damaged: {unreadable.Message}; restore a backup");
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
}
