using Incidents.Audit;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>
/// Recomputes every stream's hash chain, every flush's leaf and the Merkle root from what is stored, as of one moment, while the server
/// runs or not.
/// </summary>
public static class PostgresVerification
{
    /// <exception cref="JournalRefusedException">The database cannot be read, or holds no journal; one line.</exception>
    public static VerificationReport Run(PostgresAddress address)
    {
        using var connection = address.OpenFirst("verify");
        try
        {
            if (connection.Rows("SELECT to_regclass('log') IS NULL OR to_regclass('event') IS NULL", r => r.GetBoolean(0))[0])
                throw new JournalRefusedException($"{address} holds no journal of this program");
            connection.Run("SET statement_timeout=0");
            connection.Run("SET idle_in_transaction_session_timeout=0");
            connection.Run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            var faults = new List<string>();
            var (streams, events) = Chains(connection, faults);
            var (flushes, root) = new FlushCheck(connection, faults).Run();
            connection.Run("ROLLBACK");
            return new VerificationReport(flushes, streams, events, root, [], faults);
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is { } known)
        {
            throw new JournalRefusedException($"{address}: {known.Message}");
        }
    }

    private static (long Streams, long Events) Chains(NpgsqlConnection connection, List<string> faults)
    {
        long streams = 0, events = 0;
        using var command = connection.Command(
            $"SELECT h.number, h.version, h.hash, coalesce(h.stream, ''), e.head IS NOT NULL, {EventRow.Columns} FROM head h LEFT JOIN event e ON e.head=h.number ORDER BY h.number, e.version");
        command.CommandTimeout = 0;
        using var rows = command.ExecuteReader();
        Stream? current = null;
        while (rows.Read())
        {
            if (current?.Number != rows.GetInt64(0))
            {
                current?.End(faults);
                current = new Stream(rows.GetInt64(0), rows.GetString(3), rows.GetInt64(1), rows.Blob(2));
                streams++;
            }

            if (!rows.GetBoolean(4))
                continue;
            events++;
            current.Add(EventRow.Read(rows, current.Name, from: 5), faults);
        }

        current?.End(faults);
        return (streams, events);
    }

    private sealed class Stream(long number, string name, long last, byte[] lastHash)
    {
        private byte[] _hash = Chain.Start.ToArray();
        private long _version;

        public long Number => number;

        public string Name => name;

        public void Add(Envelope e, List<string> faults)
        {
            if (e.Version != ++_version)
                faults.Add($"{name}: version {e.Version} stands where {_version} belongs");
            if (!Intact.Follows(e, _hash))
                faults.Add(Intact.Damage(e));
            (_hash, _version) = (e.Hash, e.Version);
        }

        public void End(List<string> faults)
        {
            if (_version != last || !_hash.AsSpan().SequenceEqual(lastHash))
                faults.Add($"{name}: the head says version {last}, the events end at {_version}");
        }
    }
}
