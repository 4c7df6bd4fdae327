using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Turns;
using NodaTime;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>
/// The writer's side of the journal on PostgreSQL: one thread, one connection, a flush a transaction. The log's end is read where it is
/// locked; what owns every shard knows it from its flush before, and has the server prove that.
/// </summary>
public sealed partial class PostgresJournal : IJournalStore, IShardJournal
{
    private readonly PostgresShards _shards;
    private readonly PostgresSession _session;
    private readonly Queue<long> _numbers = new();
    private readonly Lock _lock = new();
    private long _position;
    private LogEnd? _end;
    private string? _broken;

    /// <summary>Begins to write as an owner of the shards; the owner is the caller's to dispose, after this.</summary>
    /// <exception cref="JournalRefusedException">The last flushes are damaged, or a newer version's; one line.</exception>
    public PostgresJournal(PostgresOwner owner)
        : this(owner.Shards) => AfterDeath = owner.AfterDeath;

    /// <summary>Begins to write as one of several nodes.</summary>
    /// <exception cref="JournalRefusedException">The last flushes are damaged, or a newer version's; one line.</exception>
    public PostgresJournal(PostgresShards shards)
    {
        _shards = shards;
        _session = new PostgresSession(shards.Address, "journal");
        try
        {
            TailCheck.Run(_session.Connection, shards.Address.ToString());
            _position = _session.Connection.Rows("SELECT coalesce(max(position), 0) FROM flush", r => r.GetInt64(0))[0];
            Secrets = SecretRows.Open(_session.Connection);
        }
        catch (Exception failure)
        {
            _session.Dispose();
            if (PostgresFailureException.Of(failure) is { } known)
                throw new JournalRefusedException($"{shards.Address}: {known.Message}");
            throw;
        }
    }

    public bool AfterDeath { get; }

    public JournalSecrets Secrets { get; }

    public Speech Speech => _shards.Speech;

    public long Position => Volatile.Read(ref _position);

    public Instant LastTime => Ask(c => Time.Instant(c.Rows("SELECT coalesce(max(time), 0) FROM (SELECT time FROM flush ORDER BY position DESC LIMIT 1000) l", r => r.GetInt64(0))[0]));

    public FlushOutcome Commit(Flush flush)
    {
        lock (_lock)
        {
            RequireWhole();
            return flush.IsEmpty ? ProveNow(flush) : CommitNow(flush);
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

    public void Dispose()
    {
        lock (_lock)
            _session.Dispose();
    }

    private FlushOutcome CommitNow(Flush flush)
    {
        var lost = new List<Commit>();
        var committing = false;
        var end = _end;
        _end = null;
        try
        {
            var writer = Begin(flush, lost, TakeNumber());
            if (end is { } known && _shards.IsSole && flush.Needs <= _shards.Mark)
            {
                committing = true;
                writer.WriteAndCommit(known);
            }
            else
            {
                writer.WriteRows();
                RequireAhead(writer.Position - 1);
                committing = true;
                writer.Commit();
            }

            _shards.Raise(flush.Needs);
            _end = writer.Next;
            Volatile.Write(ref _position, writer.Position);
            return FlushOutcome.Committed(writer.Position, lost);
        }
        catch (PostgresException moved) when (moved.SqlState == FlushWriter.MovedOn)
        {
            // Why is found out step by step.
            _session.Rollback();
            return CommitNow(flush);
        }
        catch (ShardsLostException lostShards)
        {
            return Taken(lostShards);
        }
        catch (TooNewException tooNew)
        {
            _session.Rollback();
            _shards.Speech.Speaks = tooNew.Spoken;
            return FlushOutcome.TooNew(tooNew.Message);
        }
        catch (JournalBrokenException broken)
        {
            _session.Rollback();
            throw Broken(broken);
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is { } known)
        {
            // Before the commit was sent nothing can be durable, whatever became of the connection.
            if (committing && !known.IsKnown)
            {
                _session.Drop();
                return FlushOutcome.Failed(FlushStatus.Unknown, known.Message);
            }

            GiveUp(known);
            if (known.IsFlushAgain)
                return FlushOutcome.Failed(FlushStatus.Unknown, known.Message);
            return known.IsContent ? Reject(flush, known.Message) : FlushOutcome.Failed(FlushStatus.Lost, known.Message);
        }
        catch (Exception content) when (content is not (OutOfMemoryException or JournalRefusedException))
        {
            // A message that cannot be written down is its own fault: the flush is halved until it is found.
            _session.Drop();
            return Reject(flush, content.Message);
        }
    }

    // By which the rows of a flush know each other; of a flush that failed it is not used again.
    private long TakeNumber()
    {
        if (_numbers.Count == 0)
            _session.Connection.Rows("SELECT nextval(pg_get_serial_sequence('flush_id', 'number')) FROM generate_series(1, 16)", r => r.GetInt64(0)).ForEach(_numbers.Enqueue);
        return _numbers.Dequeue();
    }

    // Answers alone: nothing is written, but they must still be this node's to give.
    private FlushOutcome ProveNow(Flush flush)
    {
        try
        {
            using var batch = new NpgsqlBatch(_session.Connection);
            _shards.AddProof(batch, flush.Shards([]), locking: false);
            using var reader = batch.ExecuteReader();
            var position = PostgresShards.ReadProof(reader, locking: false).Position;
            RequireAhead(position);
            return FlushOutcome.Committed(position);
        }
        catch (ShardsLostException lost)
        {
            return Taken(lost);
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is { } known)
        {
            GiveUp(known);
            return FlushOutcome.Failed(FlushStatus.Lost, known.Message);
        }
    }

    private FlushOutcome Taken(ShardsLostException lost)
    {
        _session.Rollback();
        if (_shards.IsSole)
            throw Broken(PostgresOwner.Gone());
        _shards.Forget(lost.Shards);
        return FlushOutcome.Taken(lost.Shards);
    }

    // What has lost is left out with its dependents and the rest begins again: locks are given back in between, so it may lose more.
    private FlushWriter Begin(Flush flush, List<Commit> lost, long number)
    {
        for (HashSet<Entry> dropped = []; ; dropped = flush.Closure(lost))
        {
            var writer = new FlushWriter(_session.Connection, _shards, flush, dropped, number);
            var losers = writer.WriteHeads();
            if (losers.Count == 0)
                return writer;
            _session.Connection.Run("ROLLBACK");
            lost.AddRange(losers);
        }
    }

    // One message alone is at fault: that it failed is counted where a restart finds it.
    private FlushOutcome Reject(Flush flush, string why)
    {
        if (flush.Entries is [Commit { Consumed: { Stored: true } message }])
        {
            try
            {
                Beside(c => c.Run("UPDATE message SET attempts=attempts+1 WHERE lane=$1 AND due=$2 AND id=$3", P((short)message.Lane), P(message.Due), P(message.Id.ToBytes())));
            }
            catch (PostgresFailureException failure)
            {
                return FlushOutcome.Failed(FlushStatus.Lost, failure.Message);
            }
        }

        return FlushOutcome.Failed(FlushStatus.Rejected, why);
    }

    private FlushOutcome SettleNow(Flush flush)
    {
        try
        {
            // While the flush's own transaction is still open, the insertion waits for its end.
            var connection = _session.Connection;
            var id = flush.Id.ToBytes();
            if (connection.Run("INSERT INTO flush_id (id) VALUES ($1) ON CONFLICT (id) DO NOTHING", P(id)) == 1)
                return Never();
            if (connection.Rows("SELECT f.position FROM flush_id i JOIN flush f USING (number) WHERE i.id=$1", r => r.GetInt64(0), P(id)) is not [var position])
                return Never();
            Volatile.Write(ref _position, Math.Max(_position, position));
            return FlushOutcome.Committed(position, LeftOut(flush));
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is { } known)
        {
            GiveUp(known);
            return FlushOutcome.Failed(FlushStatus.Unknown, known.Message);
        }

        static FlushOutcome Never() => FlushOutcome.Failed(FlushStatus.Lost, "the flush did not commit and never can");
    }

    // Which commits of a flush that did commit were left out: those whose events are not there.
    private List<Commit> LeftOut(Flush flush)
    {
        var commits = flush.Commits.Where(c => c.Events.Count > 0).ToList();
        var absent = _session.Connection.Rows(
            "SELECT u.place FROM unnest($1, $2, $3) WITH ORDINALITY AS u(stream, version, hash, place) " +
            "WHERE NOT EXISTS (SELECT 1 FROM head h JOIN event e ON e.head=h.number WHERE h.stream=u.stream AND e.version=u.version AND e.hash=u.hash) ORDER BY u.place",
            r => r.GetInt64(0), All(commits.Select(c => c.Events[^1].Stream)), All(commits.Select(c => c.Events[^1].Version)), All(commits.Select(c => c.Events[^1].Hash)));
        return [.. absent.Select(place => commits[(int)place - 1])];
    }

    // A server that came back with less than it had confirmed, such as a replica that lagged, is no place to go on.
    private void RequireAhead(long position)
    {
        if (position < _position)
            throw new JournalBrokenException($"{_shards.Address} has lost flushes that it had confirmed: it ends at position {position}, it was at {_position}");
    }

    private void RequireWhole()
    {
        if (_broken is { } before)
            throw new JournalBrokenException(before);
    }

    private JournalBrokenException Broken(JournalBrokenException broken)
    {
        _broken = broken.Message;
        return broken;
    }

    private void GiveUp(PostgresFailureException failure)
    {
        if (failure.IsKnown)
            _session.Rollback();
        else
            _session.Drop();
        if (failure.IsDamage)
            throw Broken(new JournalBrokenException($"{_shards.Address} is damaged: {failure.Message}"));
    }
}
