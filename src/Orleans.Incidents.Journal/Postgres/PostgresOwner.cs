using Incidents.Decisions;
using Npgsql;

namespace Incidents.Journal.Postgres;

/// <summary>
/// That this process owns every shard. Two things make it so. The fence is the epochs: a take-over raises them under the lock on the
/// log's end, every flush proves its own under the same lock, and so nothing of an earlier owner is written behind a take-over. The
/// signal is a session-level advisory lock on a connection of its own: the server gives it up within moments of the process's death,
/// which is when the one that stands by goes on. Losing the signal alone loses nothing.
/// </summary>
public sealed class PostgresOwner : IDisposable
{
    private const long Lock = 0x494E_4349_4F57_4E45;
    private const string Lost = "another process has taken over this journal; this one has left service so that nothing is done twice";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private static readonly short[] Everything = [.. Enumerable.Range(0, StreamId.Shards).Select(n => (short)n)];

    private readonly PostgresSession _session;
    private readonly long[] _epochs = new long[StreamId.Shards];
    private readonly Lock _one = new();

    private PostgresOwner(PostgresSession session) => _session = session;

    /// <summary>Where the journal is.</summary>
    public PostgresAddress Address => _session.Address;

    /// <summary>Brings the database up to date, waits until no other process owns it, and takes every shard over.</summary>
    /// <param name="standBy">Called once when there is another owner, before this process waits for its end.</param>
    /// <param name="clock">Paces the asking.</param>
    /// <exception cref="JournalRefusedException">The database cannot be used as it is; one line.</exception>
    /// <exception cref="OperationCanceledException">Told to stop while standing by.</exception>
    public static async Task<PostgresOwner> TakeAsync(PostgresAddress address, Func<Task> standBy, TimeProvider clock, CancellationToken cancel)
    {
        using (var first = address.OpenFirst("start"))
            Migrate(first, address);
        var owner = new PostgresOwner(new PostgresSession(address, "owner"));
        try
        {
            for (var tries = 0; !owner.TryTake(); tries++)
            {
                if (tries == 0)
                    await standBy();
                await Task.Delay(Pace, clock, cancel);
            }

            return owner;
        }
        catch (Exception failure)
        {
            owner.Dispose();
            if (PostgresFailureException.Of(failure) is { } known)
                throw new JournalRefusedException($"{address}: {known.Message}");
            throw;
        }
    }

    /// <summary>
    /// Looks whether the shards are still this process's, and says again that it owns them where the connection was cut. To be asked
    /// every second or so: a process that flushes nothing finds out by nothing else.
    /// </summary>
    /// <exception cref="OwnershipLostException">They are not.</exception>
    /// <exception cref="PostgresFailureException">The server does not answer now.</exception>
    public void Check()
    {
        lock (_one)
        {
            var (hasSignal, owned) = _session.Read(TimeSpan.Zero, c => c.Rows(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype='advisory' AND pid=pg_backend_pid()), " +
                "(SELECT count(*) FROM shard s JOIN unnest($1, $2) AS mine(number, epoch) ON mine.number=s.number AND mine.epoch=s.epoch)",
                r => (r.GetBoolean(0), r.GetInt64(1)), Commands.All(Everything), Commands.All(_epochs))[0]);
            RequireAll(owned, Everything.Length);
            if (!hasSignal)
                TryTell(_session);
        }
    }

    /// <summary>Adds the lock on the log's end, and behind it the proof that shards are still this process's.</summary>
    internal void AddProof(NpgsqlBatch batch, IReadOnlyCollection<short>? shards = null)
    {
        shards ??= Everything;
        batch.Add("SELECT position, last_event, merkle FROM log FOR NO KEY UPDATE");

        // A statement of its own: it must see what was committed before the lock was given.
        batch.Add(
            "SELECT count(*) FROM shard s JOIN unnest($1, $2) AS mine(number, epoch) ON mine.number=s.number AND mine.epoch=s.epoch",
            Commands.All(shards), Commands.All(shards.Select(s => _epochs[s])));
    }

    /// <summary>Reads what <see cref="AddProof"/> asked; the reader stands on the first of its two results.</summary>
    /// <exception cref="OwnershipLostException">Another process has taken over.</exception>
    internal static LogEnd ReadProof(NpgsqlDataReader reader, int shards = StreamId.Shards)
    {
        reader.Read();
        var end = new LogEnd(reader.GetInt64(0), reader.GetInt64(1), reader.Blob(2));
        reader.NextResult();
        reader.Read();
        RequireAll(reader.GetInt64(0), shards);
        return end;
    }

    public void Dispose()
    {
        lock (_one)
            _session.Dispose();
    }

    private static void RequireAll(long owned, int shards)
    {
        if (owned != shards)
            throw new OwnershipLostException(Lost);
    }

    private static void Migrate(NpgsqlConnection connection, PostgresAddress address)
    {
        try
        {
            PostgresMigrations.Apply(connection, address);
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is { } known)
        {
            throw new JournalRefusedException($"{address} cannot be brought up to date: {known.Message}");
        }
    }

    // Which process is in service, for those that stand by. It fences nothing.
    private static bool TryTell(PostgresSession session) =>
        session.Read(TimeSpan.Zero, c => c.Rows("SELECT pg_try_advisory_lock($1)", r => r.GetBoolean(0), Commands.P(Lock))[0]);

    // A server that is restarted, or the last owner's backend that still holds the end of the log, is waited for like a living owner.
    private bool TryTake()
    {
        try
        {
            if (!TryTell(_session))
                return false;
            Raise();
            return true;
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is { MayPass: true })
        {
            _session.Drop();
            return false;
        }
    }

    private void Raise()
    {
        var connection = _session.Connection;
        connection.Run("BEGIN");

        // A flush of the owner before that is on its way to its commit is waited for; one that comes later finds its epochs gone.
        connection.Run("SELECT 1 FROM log FOR NO KEY UPDATE");
        foreach (var (number, epoch) in connection.Rows("UPDATE shard SET epoch=epoch+1 RETURNING number, epoch", r => (r.GetInt16(0), r.GetInt64(1))))
            _epochs[number] = epoch;
        connection.Run("COMMIT");
    }
}

/// <summary>The end of the log as it is while it is locked.</summary>
internal readonly record struct LogEnd(long Position, long LastEvent, byte[] Merkle);
