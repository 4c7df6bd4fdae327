using Npgsql;

namespace Incidents.Journal.Postgres;

/// <summary>
/// Rings when another node has sent something, by the server's own notifications. It is a matter of speed alone: what it misses while
/// its connection is away is found by whoever looks from time to time.
/// </summary>
public sealed class PostgresBell(PostgresAddress address, Action ring) : IDisposable
{
    /// <summary>The notifications' channel.</summary>
    internal const string Channel = "incidents_mail";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly PostgresSession _session = new(address, "bell");
    private readonly CancellationTokenSource _stop = new();
    private Thread? _thread;

    public void Start()
    {
        _thread = new Thread(Listen) { Name = "bell", IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread?.Join();
        _session.Dispose();
        _stop.Dispose();
    }

    private void Listen()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                ListenOnce(_session.Connection);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure) when (PostgresFailureException.Of(failure) is not null)
            {
                _session.Drop();
                _stop.Token.WaitHandle.WaitOne(Patience);
            }
        }
    }

    private void ListenOnce(NpgsqlConnection connection)
    {
        connection.Run($"LISTEN {Channel}");
        while (true)
        {
            ring();
            connection.WaitAsync(_stop.Token).GetAwaiter().GetResult();
        }
    }
}
