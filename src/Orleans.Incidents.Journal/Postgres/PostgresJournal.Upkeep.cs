using System.Buffers.Binary;
using Incidents.Engine;
using NodaTime;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

// Beside the flushes, on the same connection and under the same lock. Each proves the ownership as a flush does: a process that was
// replaced writes nothing at all.
public sealed partial class PostgresJournal
{
    public void EndInOrder() => InSession(c =>
    {
        _shards.Release(c, _shards.Owned);
        _shards.Leave(c);
        return 0;
    });

    public ShardsTaken Take(IReadOnlyCollection<int> shards) => InSession(c => _shards.Take(c, shards));

    public void Release(IReadOnlyCollection<int> shards) => InSession(c =>
    {
        _shards.Release(c, shards);
        return 0;
    });

    /// <summary>Which of this node's shards another has taken over; and says that this one lives. To be asked every second or so.</summary>
    /// <exception cref="PostgresFailureException">The server does not answer now.</exception>
    public IReadOnlyList<int> Check() => InSession(c =>
    {
        var lost = _shards.Check(c);
        _shards.Forget(lost);
        return lost;
    });

    public bool Holds(int shard) => _shards.Holds(shard);

    public void WriteRefused(IEnumerable<RefusedRow> rows)
    {
        var all = rows.ToList();
        Beside(c => c.Run(
            "INSERT INTO refused (time, identity, integration, reason, detail, count) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
            All(all.Select(r => Time.Nanoseconds(r.Time))), All(all.Select(r => Clean(r.Identity))), All(all.Select(r => Clean(r.Integration))),
            All(all.Select(r => Clean(r.Reason))), All(all.Select(r => Clean(r.Detail))), All(all.Select(r => r.Count))));
    }

    public void ProveWritable(Instant now)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Time.Nanoseconds(now));
        Beside(c => c.Run("INSERT INTO meta (key, value) VALUES ('proved', $1) ON CONFLICT (key) DO UPDATE SET value=excluded.value", P(bytes)));
    }

    public void WriteBeats(IEnumerable<BeatRow> rows)
    {
        var all = rows.GroupBy(r => r.Integration, StringComparer.Ordinal).Select(g => g.Last()).OrderBy(r => r.Integration, StringComparer.Ordinal).ToList();
        var heard = new NpgsqlParameter<long?[]> { TypedValue = [.. all.Select(r => r.Heard is { } at ? Time.Nanoseconds(at) : (long?)null)] };
        Beside(c => c.Run(
            "INSERT INTO beat (integration, since, heard) SELECT * FROM unnest($1, $2, $3) ON CONFLICT (integration) DO UPDATE SET heard=greatest(beat.heard, excluded.heard)",
            All(all.Select(r => r.Integration)), All(all.Select(r => Time.Nanoseconds(r.Since))), heard));
    }

    public void ForgetBeats(IEnumerable<string> integrations) => Beside(c => c.Run("DELETE FROM beat WHERE integration=ANY($1)", All(integrations)));

    public IReadOnlyList<BeatRow> Beats() => Ask(c => c.Rows(
        "SELECT integration, since, heard FROM beat ORDER BY integration",
        r => new BeatRow(r.GetString(0), Time.Instant(r.GetInt64(1)), r.IsDBNull(2) ? null : Time.Instant(r.GetInt64(2)))));

    public bool Prune(Instant requestsBefore, Instant blocksBefore, Instant refusedBefore, int limit) => Beside(c =>
        c.Run("DELETE FROM request WHERE key IN (SELECT key FROM request WHERE time<$1 ORDER BY time LIMIT $2)", P(Time.Nanoseconds(requestsBefore)), P(limit))
        + c.Run("DELETE FROM refused WHERE id IN (SELECT id FROM (SELECT id, time FROM refused ORDER BY id LIMIT $2) oldest WHERE time<$1)", P(Time.Nanoseconds(refusedBefore)), P(limit))

        // The oldest blocks alone are looked at, so that a look at a full table costs no more than one at an empty one.
        + c.Run(
            "DELETE FROM block WHERE flush IN (SELECT o.number FROM (SELECT f.number, f.time, f.position FROM block b JOIN flush f ON f.number=b.flush ORDER BY b.flush LIMIT $2) o " +
            $"WHERE o.time<$1 AND o.position<(SELECT min({PostgresShards.UncoveredFrom}) FROM shard s))", P(Time.Nanoseconds(blocksBefore)), P(limit))) >= limit;

    // Of several nodes each may write what belongs to no shard.
    private int Beside(Func<NpgsqlConnection, int> write) => InSession(connection =>
    {
        connection.Run("BEGIN");
        var result = write(connection);
        Prove(connection, _shards.IsSole ? PostgresShards.Everything : []);
        connection.Run("COMMIT");
        return result;
    });

    private T InSession<T>(Func<NpgsqlConnection, T> work)
    {
        lock (_lock)
        {
            RequireWhole();
            try
            {
                return work(_session.Connection);
            }
            catch (ShardsLostException)
            {
                _session.Rollback();
                throw Broken(PostgresOwner.Gone());
            }
            catch (JournalRefusedException refused)
            {
                _session.Rollback();
                throw Broken(new JournalBrokenException(refused.Message));
            }
            catch (JournalBrokenException broken)
            {
                _session.Rollback();
                throw Broken(broken);
            }
            catch (Exception failure) when (PostgresFailureException.Of(failure) is { } known)
            {
                GiveUp(known);
                throw PostgresFailureException.Of(failure)!;
            }
        }
    }

    private void Prove(NpgsqlConnection connection, IReadOnlyList<int> shards)
    {
        using var batch = new NpgsqlBatch(connection);
        _shards.AddProof(batch, shards);
        using var reader = batch.ExecuteReader();
        RequireAhead(PostgresShards.ReadProof(reader).Position);
    }

    private T Ask<T>(Func<NpgsqlConnection, T> read)
    {
        lock (_lock)
            return _session.Read(TimeSpan.Zero, read);
    }

    // What senders wrote is told as far as the database can hold it: no zero characters, no halves of characters.
    private static string Clean(string text) =>
        text.Contains('\0', StringComparison.Ordinal) || text.Any(char.IsSurrogate) ? string.Concat(text.EnumerateRunes()).Replace('\0', '\uFFFD') : text;
}
