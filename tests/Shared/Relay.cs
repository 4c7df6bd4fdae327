using System.Net;
using System.Net.Sockets;

namespace Incidents.Testing;

/// <summary>
/// A network between us and a server that can fail on our side alone, so that the server goes on with what it has heard and believes that
/// we are there, and that can stall.
/// </summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<(TcpClient Client, TcpClient Server)> _pairs = [];
    private readonly Lock _lock = new();
    private readonly int _to;
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Relay(int to)
    {
        _to = to;
        _open.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts every connection that there is, on our side alone; later ones work.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var (client, _) in _pairs)
                client.Client.Close(0);
        }
    }

    /// <summary>Holds back everything that is sent either way, new connections included, until <see cref="Resume"/>.</summary>
    public void Stall()
    {
        lock (_lock)
        {
            if (_open.Task.IsCompleted)
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Lets go on what <see cref="Stall"/> held back.</summary>
    public void Resume()
    {
        lock (_lock)
            _open.TrySetResult();
    }

    public void Dispose()
    {
        _listener.Dispose();
        Resume();
        lock (_lock)
        {
            foreach (var (client, server) in _pairs)
            {
                client.Dispose();
                server.Dispose();
            }
        }
    }

    private Task OpenAsync()
    {
        lock (_lock)
            return _open.Task;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = JoinAsync(client);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task JoinAsync(TcpClient client)
    {
        var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        lock (_lock)
            _pairs.Add((client, server));
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _to);
            _ = PumpAsync(client.GetStream(), server.GetStream());
            _ = PumpAsync(server.GetStream(), client.GetStream());
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Nobody listens there: who connected to us finds out as over any network.
            client.Dispose();
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        var bytes = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(bytes) is var count and > 0)
            {
                await OpenAsync();
                await to.WriteAsync(bytes.AsMemory(0, count));
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException)
        {
            // The other side is not told: that is what a half-open connection is.
        }
    }
}
