using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Incidents.Integrations.Tests.Delivery.Email;

/// <summary>
/// A mail server that says what the test wants: the script gets each line of the client ("" before the first) and returns what to
/// answer; <see langword="null"/> ends the connection, and "" says nothing and waits.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<string, string?> _script;
    private readonly Task _accepting;

    public ScriptedServer(Func<string, string?> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>A server that is content with everything, but for one line of the client.</summary>
    public static ScriptedServer Except(string begins, string? answer) => new(line => line.StartsWith(begins, StringComparison.Ordinal) && (begins.Length > 0 || line.Length == 0)
        ? answer
        : line switch { "" => "220 ready\r\n", "DATA" => "354 go on\r\n", _ => "250 fine\r\n" });

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Lines { get; } = [];

    public SemaphoreSlim Connected { get; } = new(0);

    public async ValueTask DisposeAsync()
    {
        // The loop may be between two clients: it must find a listener that still listens, and a token that says stop.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stop.Dispose();
        Connected.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                // Asked for once: a client that has hung up meanwhile has none any more.
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII);
                var (line, isContent) = ("", false);
                Connected.Release();
                while (line is not null)
                {
                    Lines.Enqueue(line);
                    if (!isContent || line == ".")
                    {
                        if (_script(line) is not { } answer)
                            return;
                        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
                        isContent = answer.StartsWith("354", StringComparison.Ordinal);
                    }

                    line = await reader.ReadLineAsync(_stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client hung up, or the test is over: both are what some tests are about.
            }
        }
    }
}
