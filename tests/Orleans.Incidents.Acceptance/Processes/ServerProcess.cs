using System.Collections.Concurrent;
using System.Diagnostics;

namespace Incidents.Acceptance.Processes;

/// <summary>A running server on a port of its own choice.</summary>
internal sealed class ServerProcess : IAsyncDisposable, IDisposable
{
    public const string AdminToken = "acceptance-admin-token";

    private const string Serving = "Serving on ";
    private const string StandingBy = "Standing by on ";

    // Three silos that start at once on a busy machine take a while.
    private static readonly TimeSpan MaxStart = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly TaskCompletionSource<string> _serves = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _standsBy = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
    }

    public string Url { get; private set; } = "";

    public int Port => new Uri(Url).Port;

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors).Trim();

    /// <summary>Whether it lives.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>How much memory it uses at this moment, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>As the admin.</summary>
    public Api Admin { get; private set; } = null!;

    /// <summary>Whether it has said that it serves; one that stands by listens before.</summary>
    public bool IsServing => _serves.Task.IsCompleted;

    /// <summary>Starts a server on a journal file and waits until it serves.</summary>
    public static Task<ServerProcess> StartAsync(
        string data, string? config = null, IReadOnlyDictionary<string, string>? environment = null, bool givesToken = true, params string[] more) =>
        StartAsync(["--data", data, .. more], config, environment, givesToken);

    /// <summary>Starts a server on the folder's journal, wherever that is, and waits until it serves.</summary>
    public static async Task<ServerProcess> StartAsync(Folder folder, string config, IReadOnlyDictionary<string, string> environment, params string[] more)
    {
        var starting = StartAsync([.. folder.Serves, .. more], config, environment, givesToken: true);
        await folder.AccompanyAsync(config, environment);
        return await starting;
    }

    /// <summary>Starts a server on a journal that another one owns and waits until it stands by.</summary>
    public static Task<ServerProcess> StandByAsync(string data, string config, IReadOnlyDictionary<string, string> environment, params string[] more) =>
        StartAsync(["--data", data, .. more], config, environment, givesToken: true, standsBy: true);

    /// <summary>Starts a program of whichever version on the tests' configuration, and waits until it serves, or stands by.</summary>
    public static Task<ServerProcess> StartOtherAsync(string program, string data, string config, bool standsBy, params string[] more) =>
        StartAsync(["--data", data, .. more], config, TestConfig.Environment, givesToken: true, standsBy, program);

    /// <summary>Starts a server on the tests' configuration and does not wait for anything that it says.</summary>
    public static ServerProcess Begin(string data, string config, params string[] more)
    {
        var server = Prepare(["--data", data, .. more], config, TestConfig.Environment, givesToken: true);
        server.Begin();
        return server;
    }

    private static async Task<ServerProcess> StartAsync(
        string[] where, string? config, IReadOnlyDictionary<string, string>? environment, bool givesToken, bool standsBy = false, string? program = null)
    {
        var server = Prepare(where, config, environment, givesToken, program);
        await server.StartAsync(standsBy ? server._standsBy.Task : server._serves.Task);
        return server;
    }

    private static ServerProcess Prepare(string[] where, string? config, IReadOnlyDictionary<string, string>? environment, bool givesToken, string? program = null)
    {
        var all = new Dictionary<string, string>(environment ?? new Dictionary<string, string>());
        if (givesToken)
            all["INCIDENTS_ADMIN_TOKEN"] = AdminToken;
        string[] arguments = ["serve", "--urls", "http://127.0.0.1:0", .. where, .. config is null ? [] : new[] { "--config", config }];
        return new ServerProcess(ServerBinary.Prepare(arguments, all, program));
    }

    /// <summary>As whoever holds the token; <see langword="null"/>: nobody.</summary>
    public Api As(string? token) => new(Url, token);

    /// <summary>Ends it as a power cut would, but for the disk's own cache.</summary>
    public async Task KillAsync()
    {
        Signals.Send(_process.Id, Signals.Kill);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks it to stop.</summary>
    public void Terminate() => Signals.Send(_process.Id, Signals.Terminate);

    /// <summary>Its exit code, when it ends in time.</summary>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(within, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Stops it in an orderly way.</summary>
    public async Task StopAsync()
    {
        Terminate();
        Assert.Equal(0, await ExitAsync(Eventually.Patience));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        Dispose();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Admin?.Dispose();
    }

    private void Begin()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task StartAsync(Task<string> url)
    {
        Begin();
        var ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (await Task.WhenAny(url, ended).WaitAsync(MaxStart, TestContext.Current.CancellationToken) == ended)
                throw new InvalidOperationException($"the server did not start: {Output} {Errors}");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"the server does not serve after {MaxStart}: {Output} {Errors}", late);
        }

        Url = await url;
        Admin = As(AdminToken);
    }

    private void Heard(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.StartsWith(Serving, StringComparison.Ordinal))
            _serves.TrySetResult(line[Serving.Length..].Split(". ")[0].TrimEnd('/'));
        else if (line.StartsWith(StandingBy, StringComparison.Ordinal))
            _standsBy.TrySetResult(line[StandingBy.Length..].Split(": ")[0].TrimEnd('/'));
    }
}
