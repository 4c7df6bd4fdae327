using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Incidents.Integrations.Tests.Delivery;

/// <summary>One request as it arrived: head line, headers by lower-case name, raw body.</summary>
internal sealed record Received(string Head, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>
/// A web server of a few lines on a loopback socket, so that tests decide every byte of an answer, or never answer. The answer
/// function gets each request and returns the bytes to send; afterwards the connection is closed.
/// </summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<Received, CancellationToken, Task<string>> _answer;
    private readonly bool _readsFirst;
    private readonly Task _accepting;

    public Receiver(Func<Received, CancellationToken, Task<string>> answer, bool readsFirst = true)
    {
        (_answer, _readsFirst) = (answer, readsFirst);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Answers every request alike.</summary>
    public static Receiver Answering(string answer) => new((_, _) => Task.FromResult(answer));

    /// <summary>A status line, further header lines and a body, as HTTP.</summary>
    public static string Http(int status, string body = "", params string[] headers) =>
        $"HTTP/1.1 {status} Word\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + string.Concat(headers.Select(h => h + "\r\n")) + "\r\n" + body;

    private static Received Nothing { get; } = new("", new Dictionary<string, string>(), []);

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public ConcurrentQueue<Received> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                if ((_readsFirst ? await ReadAsync(stream) : Nothing) is not { } request)
                    return;
                Requests.Enqueue(request);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(await _answer(request, _stop.Token)), _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client hung up, or the test is over: both are what some tests are about.
            }
        }
    }

    private async Task<Received?> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!bytes.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return null;
            bytes.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1]);
        var body = new byte[int.Parse(headers.GetValueOrDefault("content-length", "0"))];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return new Received(lines[0], headers, body);
    }
}
