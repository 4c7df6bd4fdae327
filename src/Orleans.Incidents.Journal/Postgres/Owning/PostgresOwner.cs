using Incidents.Engine.Codec;
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

    private readonly PostgresSession _session;
    private readonly Vocabulary _vocabulary;
    private readonly Lock _one = new();
    private PostgresShards? _shards;

    private PostgresOwner(PostgresSession session, Vocabulary vocabulary) => (_session, _vocabulary) = (session, vocabulary);

    /// <summary>Where the journal is.</summary>
    public PostgresAddress Address => _session.Address;

    /// <summary>Whether the owner before did not give the shards up.</summary>
    public bool AfterDeath { get; private set; }

    /// <summary>The shards: all of them.</summary>
    internal PostgresShards Shards => _shards ?? throw new InvalidOperationException("they are not taken yet");

    /// <summary>Brings the database up to date, waits until no other process owns it, and takes every shard over.</summary>
    /// <param name="standBy">Called once when there is another owner, before this process waits for its end.</param>
    /// <param name="clock">Paces the asking.</param>
    /// <exception cref="JournalRefusedException">The database cannot be used as it is; one line.</exception>
    /// <exception cref="OperationCanceledException">Told to stop while standing by.</exception>
    public static Task<PostgresOwner> TakeAsync(PostgresAddress address, Func<Task> standBy, TimeProvider clock, CancellationToken cancel) =>
        TakeAsync(address, standBy, clock, Vocabulary.Current, cancel);

    internal static async Task<PostgresOwner> TakeAsync(PostgresAddress address, Func<Task> standBy, TimeProvider clock, Vocabulary vocabulary, CancellationToken cancel)
    {
        using (var first = address.OpenFirst("start"))
            Migrate(first, address, vocabulary);
        var owner = new PostgresOwner(new PostgresSession(address, "owner"), vocabulary);
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
    /// Looks whether the shards are still this process's, says that it lives, and says again that it owns them where the connection was cut. To be asked
    /// every second or so: a process that flushes nothing finds out by nothing else.
    /// </summary>
    /// <exception cref="OwnershipLostException">They are not.</exception>
    /// <exception cref="JournalBrokenException">This process does not read what is written.</exception>
    /// <exception cref="PostgresFailureException">The server does not answer now.</exception>
    public void Check()
    {
        lock (_one)
        {
            var (hasSignal, lost) = _session.Read(TimeSpan.Zero, c => (
                c.Rows("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype='advisory' AND pid=pg_backend_pid())", r => r.GetBoolean(0))[0], Shards.Check(c)));
            if (lost.Count > 0)
                throw Gone();
            if (!hasSignal)
                TryTell(_session);
        }
    }

    public void Dispose()
    {
        lock (_one)
            _session.Dispose();
    }

    /// <summary>What a process says that finds itself replaced.</summary>
    internal static OwnershipLostException Gone() => new(Lost);

    private static void Migrate(NpgsqlConnection connection, PostgresAddress address, Vocabulary vocabulary)
    {
        try
        {
            PostgresMigrations.Apply(connection, address);
            PostgresShards.RequireReads(connection, address, vocabulary);
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
        _shards ??= PostgresShards.Enter(connection, Address, Environment.MachineName, _vocabulary, isSole: true);
        AfterDeath = _shards.Take(connection, PostgresShards.Everything).Shards.Any(s => s.AfterDeath);
    }
}
