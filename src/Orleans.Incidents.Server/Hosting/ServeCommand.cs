using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Nodes;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Incidents.Journal;
using Incidents.Server.Api;
using Incidents.Server.Api.Description;
using Incidents.Server.Beats;
using Incidents.Server.Configuration;
using Incidents.Server.Demonstration;
using Incidents.Server.Edge;
using Incidents.Server.Logging;
using Incidents.Server.Telemetry;
using Incidents.Server.Watching;
using Incidents.Server.Web;
using Incidents.Services;
using OpenTelemetry.Metrics;

namespace Incidents.Server.Hosting;

/// <summary>The server process: start, serve, drain, stop.</summary>
internal static class ServeCommand
{
    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="play">The demonstration to play while serving; <see langword="null"/>: none.</param>
    /// <param name="exit">Ends the process where a server that has left service, or does not serve yet, cannot stop in time; absent: it is waited for.</param>
    /// <returns>0 after an orderly stop; 1 when it cannot start or the storage broke, with one line on the error stream.</returns>
    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, TextWriter errors, Play? play = null, Action<int>? exit = null, CancellationToken stop = default)
    {
        using var signals = new StopSignals(stop);
        try
        {
            return await ServeAsync(options, output, errors, play, exit, signals);
        }
        catch (Exception refused) when (refused is JournalRefusedException or JournalBrokenException or JournalFailureException or ConfigRefusedException)
        {
            await errors.WriteLineAsync(refused.Message);
            return 1;
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await errors.WriteLineAsync($"cannot listen: {taken.Message}");
            return 1;
        }
    }

    private static async Task<int> ServeAsync(ServerOptions options, TextWriter output, TextWriter errors, Play? play, Action<int>? exit, StopSignals signals)
    {
        var (stop, limit) = (signals.Token, options.ShutdownTimeout.ToTimeSpan());

        // A start may wait for a database that does not answer. Nobody was served, and there is nothing to save.
        await using var hurry = stop.Register(() => EndWithin(limit, exit, code: 0));
        using var warnings = new StringWriter();
        var file = play?.Catalogue ?? (options.ConfigFile is { } path ? ConfigFile.Load(path, options.Matchers, warnings) : null);
        Ports.RequireFree(options.Cluster ? [.. options.Urls, $"http://{options.Advertise}:{options.SiloPort}", $"http://{options.Advertise}:{options.GatewayPort}"] : options.Urls);
        var serving = new Serving();
        using var logs = LogSetup.Create(options, errors, () => serving.IsOpen, stop);
        var log = logs.CreateLogger(LogSetup.Name);
        foreach (var warning in warnings.ToString().Split(warnings.NewLine, StringSplitOptions.RemoveEmptyEntries))
            Log.ConfigurationWarning(log, warning);
        using var data = new DataFolder(options.DataDirectory);
        using var door = new LocalDoor(data);
        using var traces = Exports.Traces(options);

        // Before the first count: what is counted before anybody measures is lost.
        using var metrics = Exports.Metrics(options);
        await using var app = Build(options, serving, door, logs, metrics, signals, out var cluster);
        Storage? storage = null;
        if (cluster is not null)
        {
            storage = Storage.OfNode(options.Postgres!, data, Silos.NameOf(options));
        }
        else if (options.Postgres is { } postgres && play is null)
        {
            storage = await Standby.TakeAsync(postgres, data, app, output, log, stop);
            if (storage is null)
                return 0;
        }

        await using var runtime = new Runtime(data, TimeProvider.System, output, play?.Engine ?? new EngineOptions(), log, storage, cluster?.Peers) { OnLost = cluster is null ? null : cluster.Lost };
        cluster?.Attach(runtime.Host);
        try
        {
            return await RunAsync(new Start(options, file, app, serving, door, output, errors, play, exit, hurry), runtime, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A silo that has not come up has nothing to stop.
            if (app.Lifetime.ApplicationStarted.IsCancellationRequested)
                await app.StopAsync(limit * 0.6);
            Log.Stopped(runtime.Log);
            return 0;
        }
    }

    // From the journal to the orderly stop.
    private static async Task<int> RunAsync(Start start, Runtime runtime, CancellationToken stop)
    {
        var (options, file, app, serving, door, output, errors, play, exit, hurry) = start;
        var log = runtime.Log;
        var keeper = new CatalogueKeeper(runtime.History, runtime.Actors);
        runtime.Email = keeper.Read(file).Email;
        runtime.Start();
        stop.ThrowIfCancellationRequested();

        // The actors of a cluster are reached when it is joined, and that begins with the program; nobody is let in yet. Whoever has begun to join does so before it leaves.
        if (runtime.IsNode)
            await JoinAsync(app, stop);
        var welcome = await Catalogues.PrepareAsync(keeper, runtime, file, Environment.GetEnvironmentVariable("INCIDENTS_ADMIN_TOKEN"), stop);
        stop.ThrowIfCancellationRequested();
        var declared = keeper.Read(file);
        var registry = new Registry(declared, options.Matchers);
        await using var watchdog = new Watchdog(runtime, declared.Watchdog ?? Starter.WatchdogOf(file, declared), declared.Identities.GetValueOrDefault(WatchdogDefinition.Identity));
        serving.Set(runtime, registry);
        var pulses = app.Services.GetRequiredService<Pulses>();
        pulses.Start();
        await hurry.DisposeAsync();
        serving.Open();

        // A process that stood by listens already.
        if (!app.Lifetime.ApplicationStarted.IsCancellationRequested)
            await app.StartAsync(CancellationToken.None);
        watchdog.Start();
        using var ending = new CancellationTokenSource();
        var telling = new MutedGroups(runtime, registry).TellAllAsync(ending.Token);
        door.Open(app.Urls);
        Log.Started(log, Program.Version, string.Join(", ", app.Urls), runtime.Place, runtime.Projector.Position);
        Banner.Write(output, app, runtime, welcome, app.Services.GetRequiredService<Sessions>());
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        await using var told = stop.Register(app.Lifetime.StopApplication);
        if (Environment.GetEnvironmentVariable(LocalSilos.StopsWithInput) == "true")
            _ = Task.Factory.StartNew(() => StopWithInput(app), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var played = play?.RunAsync(app, errors) ?? Task.CompletedTask;
        await Task.WhenAny(stopping.Task, runtime.Host.Ended);
        var limit = options.ShutdownTimeout.ToTimeSpan();
        var left = runtime.Host.Ended.IsCompleted ? await runtime.Host.Ended : null;
        if (left is not null)
        {
            Log.LeftService(log, left.Message);
            EndWithin(limit, exit, code: 1);
        }

        Log.Stopping(log);
        await ending.CancelAsync();
        await telling;
        await watchdog.DisposeAsync();
        await pulses.DisposeAsync();

        // Requests get most of the time, the disk the rest.
        await app.StopAsync(limit * 0.6);
        await played;
        var broken = await runtime.Host.StopAsync(limit * 0.3);
        if (broken is null)
            Log.Stopped(log);
        else if (left is null)
            Log.LeftService(log, broken.Message);
        return broken is null ? 0 : 1;
    }

    private static async Task JoinAsync(WebApplication app, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(CancellationToken.None);
        }
        catch (Exception failed) when (failed is not (OutOfMemoryException or IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException }))
        {
            stop.ThrowIfCancellationRequested();
            throw new JournalRefusedException($"the silo does not start: {failed.Message}");
        }
    }

    // The stop of a silo waits a minute or more for a database that does not answer, and its shards wait for its end. There is nothing left to save.
    private static void EndWithin(TimeSpan limit, Action<int>? exit, int code)
    {
        if (exit is null)
            return;
        var last = new Thread(() =>
        {
            Thread.Sleep(limit);
            exit(code);
        })
        {
            Name = "end", IsBackground = true,
        };
        last.Start();
    }

    private static void StopWithInput(WebApplication app)
    {
        while (Console.In.ReadLine() is not null)
        {
            // Nobody says anything: only the end counts.
        }

        app.Lifetime.StopApplication();
    }

    private static WebApplication Build(ServerOptions options, Serving serving, LocalDoor door, ILoggerFactory logs, MeterProvider metrics, StopSignals signals, out IClusterHost? cluster)
    {
        // The journal may lie below the current directory: nothing shall watch it for changes of a configuration.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Services.AddSingleton(new LentLoggers(logs) as ILoggerFactory);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        });
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout.ToTimeSpan() * 0.6);
        builder.Services.ConfigureHttpJsonOptions(json => Json.Add(json.SerializerOptions));
        // A parameter that cannot be read is refused with a reason like everything else.
        builder.Services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        builder.Services.AddDescription();

        // Made at the first request that is let in, or later: until then there may be no journal.
        builder.Services.AddSingleton(_ => serving.Runtime);
        builder.Services.AddSingleton(_ => door);
        builder.Services.AddSingleton(() => serving.Registry);
        builder.Services.AddSingleton(_ => new Admission(serving.Runtime.Clock));
        builder.Services.AddSingleton(_ => new Sessions(serving.Runtime.Secret, serving.Runtime.World));
        builder.Services.AddSingleton(s => new Credentials(() => serving.Registry, s.GetRequiredService<Sessions>(), serving.Runtime.World));
        builder.Services.AddSingleton(s => new Intake(serving.Runtime, () => serving.Registry, s.GetRequiredService<Admission>(), options.MaxBodyBytes));
        builder.Services.AddSingleton(s => new Pulses(serving.Runtime, () => serving.Registry, s.GetRequiredService<Intake>()));
        builder.Services.AddSingleton(metrics);
        builder.Services.AddSingleton<IHostLifetime>(signals);
        cluster = options.Cluster ? Silos.Add(builder, options) : null;
        var app = builder.Build();
        if (options.BehindProxy)
            Proxy.Use(app);
        RequestSpans.Use(app);
        Problems.Use(app);
        StandbyGate.Use(app, serving, isSilo: cluster is not null);
        IntakeApi.Map(app);
        HeartbeatApi.Map(app);
        IncidentsApi.Map(app);
        ReceiptsApi.Map(app);
        VelocityApi.Map(app);
        PreviewApi.Map(app);
        CatalogueApi.Map(app);
        ContactTestsApi.Map(app);
        DeadLettersApi.Map(app);
        OperationsApi.Map(app, options);
        UpkeepApi.Map(app);
        WebPages.Map(app);
        if (cluster is not null)
            Silos.MapDashboard(app);
        return app;
    }

    // What is there before the journal is.
    private sealed record Start(ServerOptions Options, Catalogue? File, WebApplication App, Serving Serving, LocalDoor Door, TextWriter Output, TextWriter Errors, Play? Play, Action<int>? Exit, CancellationTokenRegistration Hurry);
}
