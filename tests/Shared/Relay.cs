using System.Net;
using System.Net.Sockets;

namespace Incidents.Testing;

/// <summary>
/// A network between us and a server that can fail for both sides, or on our side alone, so that the server goes on with what it has heard
/// and believes that we are there, and that can stall. While it is whole, who closes a connection closes it for the other too.
/// </summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<Pair> _pairs = [];
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

    /// <summary>Cuts every connection that there is, for both sides; later ones work.</summary>
    public void Cut() => EachPair(pair => pair.End());

    /// <summary>Cuts every connection that there is, on our side alone, or on the server's; later ones work.</summary>
    public void HalfOpen(bool atServer = false) => EachPair(pair => pair.EndHalf(atServer));

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
        EachPair(pair => pair.End());
        Resume();
    }

    private void EachPair(Action<Pair> cut)
    {
        lock (_lock)
        {
            foreach (var pair in _pairs)
                cut(pair);
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
                _ = JoinAsync(new Pair(client));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task JoinAsync(Pair pair)
    {
        lock (_lock)
            _pairs.Add(pair);
        try
        {
            await pair.Server.ConnectAsync(IPAddress.Loopback, _to);
            await Task.WhenAll(PumpAsync(pair, pair.Client.GetStream(), pair.Server.GetStream()), PumpAsync(pair, pair.Server.GetStream(), pair.Client.GetStream()));
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Nobody listens there: who connected to us finds out as over any network.
            pair.End();
        }

        if (pair.IsHalf)
            return;
        lock (_lock)
            _pairs.Remove(pair);
    }

    private async Task PumpAsync(Pair pair, NetworkStream from, NetworkStream to)
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
            // As below: the end of a connection is news too, and a network that stalls keeps it.
        }

        await OpenAsync();
        pair.Close();
    }

    // The other side of a half-open connection is told nothing: that is what it is.
    private sealed class Pair(TcpClient client)
    {
        public TcpClient Client { get; } = Quick(client);

        public TcpClient Server { get; } = Quick(new TcpClient());

        public bool IsHalf { get; private set; }

        public void End()
        {
            Client.Client?.Close(0);
            Server.Client?.Close(0);
        }

        public void EndHalf(bool atServer)
        {
            IsHalf = true;
            (atServer ? Server : Client).Client?.Close(0);
        }

        public void Close()
        {
            if (IsHalf)
                return;
            Client.Dispose();
            Server.Dispose();
        }

        private static TcpClient Quick(TcpClient of)
        {
            of.NoDelay = true;
            return of;
        }
    }
}
