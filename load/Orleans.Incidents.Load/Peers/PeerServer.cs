using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Incidents.Load.Measures;

namespace Incidents.Load.Peers;

/// <summary>A peer that runs and takes alerts. Disposing it stops the process and, unless kept, removes its folder.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly TimeSpan _longestStart;

    private PeerServer(Peer peer, PostgresStore? store, IPEndPoint address, string folder, string token, LoadOptions options)
    {
        (Peer, Store, Address, Folder, KeepFolder) = (peer, store, address, folder, options.Keep);
        _longestStart = TimeSpan.FromSeconds(options.Timeout);
        Process = ChildProcess.Start(peer, Path.GetFullPath(folder));
        _http = new HttpClient { BaseAddress = new Uri($"http://{address}"), Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    public Peer Peer { get; }

    public ChildProcess Process { get; private set; }

    /// <summary>The database that it keeps its journal in; <see langword="null"/>: it has none.</summary>
    public PostgresStore? Store { get; }

    /// <summary>Its folder stays when it is disposed, so that a later one can be started on it.</summary>
    public bool KeepFolder { get; set; }

    public IPEndPoint Address { get; }

    /// <summary>Holds the peer's log, configuration and data.</summary>
    public string Folder { get; }

    /// <summary>Starts a peer in a folder on a free loopback port and waits until it is ready. It goes on with what is there; as a rule the folder is new.</summary>
    public static async Task<PeerServer> StartAsync(string name, LoadOptions options, string folder, Tokens tokens, CancellationToken stop)
    {
        Directory.CreateDirectory(PeerFactory.DataFolder(folder));
        var address = FreeAddress();
        var store = PeerFactory.IsOnPostgres(name) ? PostgresStore.Start(Path.Combine(Path.GetFullPath(folder), "postgres"), options) : null;
        PeerServer? server = null;
        try
        {
            var peer = PeerFactory.Create(name, options, Path.GetFullPath(folder), address, tokens, store);
            server = new PeerServer(peer, store, address, folder, tokens.Admin, options);
            await server.WaitReadyAsync(stop);
            return server;
        }
        catch
        {
            await (server?.StopKeepingFolderAsync() ?? Task.CompletedTask);
            store?.Dispose();
            throw;
        }
    }

    /// <summary>Ends the process, or kills it, and starts it again on what it left. Its database goes on.</summary>
    /// <returns>A clock that ran from the start until now, when it is ready.</returns>
    public async Task<Stopwatch> RestartAsync(bool kill, CancellationToken stop)
    {
        if (kill)
            await Process.KillAsync();
        await Process.DisposeAsync();
        var clock = Stopwatch.StartNew();
        Process = ChildProcess.Start(Peer, Path.GetFullPath(Folder));
        await WaitReadyAsync(stop);
        return clock;
    }

    /// <summary>What it has used so far, its database included.</summary>
    public CpuReading Cpu() => CpuReading.Take(Process.Pid, Store?.Pid);

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
        if (!KeepFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private async Task StopKeepingFolderAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
        Store?.Dispose();
    }

    private async Task WaitReadyAsync(CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync(stop))
        {
            if (Process.HasExited || clock.Elapsed > _longestStart)
                throw new LoadException($"{Peer.Name} is not ready ({Peer.ReadyPath}); it printed:\n{Process.LogTail()}");
            await Task.Delay(20, stop);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            for (var server = 0; server < Peer.Servers; server++)
            {
                using var answer = await _http.GetAsync(new Uri($"http://{Address.Address}:{Address.Port + server}{Peer.ReadyPath}"), stop);
                if (answer.StatusCode != HttpStatusCode.OK)
                    return false;
            }

            return true;
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
