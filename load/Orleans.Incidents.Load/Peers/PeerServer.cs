using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Incidents.Load.Peers;

/// <summary>A peer that runs and takes alerts. Disposing it stops the process and, unless kept, removes its folder.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly bool _keep;

    private PeerServer(Peer peer, ChildProcess process, IPEndPoint address, string folder, string token, bool keep)
    {
        (Peer, Process, Address, Folder, _keep) = (peer, process, address, folder, keep);
        _http = new HttpClient { BaseAddress = new Uri($"http://{address}"), Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    public Peer Peer { get; }

    public ChildProcess Process { get; }

    public IPEndPoint Address { get; }

    /// <summary>Holds the peer's log, configuration and data.</summary>
    public string Folder { get; }

    /// <summary>Starts a peer in a new folder on a free loopback port and waits until it is ready.</summary>
    public static async Task<PeerServer> StartAsync(string name, LoadOptions options, string folder, Tokens tokens, CancellationToken stop)
    {
        Directory.CreateDirectory(PeerFactory.DataFolder(folder));
        var address = FreeAddress();
        var peer = PeerFactory.Create(name, options, Path.GetFullPath(folder), address, tokens);
        var server = new PeerServer(peer, ChildProcess.Start(peer, Path.GetFullPath(folder)), address, folder, tokens.Admin, options.Keep);
        try
        {
            await server.WaitReadyAsync(stop);
            return server;
        }
        catch
        {
            await server.StopKeepingFolderAsync();
            throw;
        }
    }

    /// <summary>The peer's metrics in Prometheus' text form.</summary>
    public async Task<string> MetricsAsync(CancellationToken stop) => Encoding.UTF8.GetString(await GetAsync("/metrics", stop));

    /// <summary>What a path answers.</summary>
    public async Task<byte[]> GetAsync(string path, CancellationToken stop)
    {
        try
        {
            return await _http.GetByteArrayAsync(new Uri(path, UriKind.Relative), stop);
        }
        catch (Exception failure) when (NoAnswer(failure, stop))
        {
            throw new LoadException($"{Peer.Name}: {path}: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopKeepingFolderAsync();
        if (!_keep)
            Directory.Delete(Folder, recursive: true);
    }

    private async Task StopKeepingFolderAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }

    private async Task WaitReadyAsync(CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync(stop))
        {
            if (Process.HasExited || clock.Elapsed > LongestStart)
                throw new LoadException($"{Peer.Name} is not ready ({Peer.ReadyPath}); it printed:\n{Process.LogTail()}");
            await Task.Delay(50, stop);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Peer.ReadyPath, UriKind.Relative), stop);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception failure) when (NoAnswer(failure, stop))
        {
            // Not listening yet; the caller bounds how long that may last.
            return false;
        }
    }

    /// <summary>A time-out of the request looks like a cancellation that nobody asked for.</summary>
    private static bool NoAnswer(Exception failure, CancellationToken stop) =>
        failure is HttpRequestException || (failure is OperationCanceledException && !stop.IsCancellationRequested);

    private static IPEndPoint FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return (IPEndPoint)probe.LocalEndpoint;
    }
}
