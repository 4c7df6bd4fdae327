namespace Incidents.Journal.Postgres;

/// <summary>One process at a time: held until it is disposed, or its process dies.</summary>
public sealed class PostgresTurn : IDisposable
{
    private const long Lock = 0x494E_4349_5052_4550;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly PostgresSession _session;

    private PostgresTurn(PostgresAddress address) => _session = new PostgresSession(address, "start");

    /// <summary>Waits for the turn.</summary>
    public static async Task<IDisposable?> TakeAsync(PostgresAddress address, TimeProvider clock, CancellationToken cancel)
    {
        var turn = new PostgresTurn(address);
        try
        {
            while (!turn._session.Read(TimeSpan.FromSeconds(10), c => c.Rows("SELECT pg_try_advisory_lock($1)", r => r.GetBoolean(0), Commands.P(Lock))[0]))
                await Task.Delay(Pace, clock, cancel);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public void Dispose() => _session.Dispose();
}
