using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Incidents.Cluster.Hosting;
using Incidents.Journal.Postgres;
using Incidents.Journal.Tests.Postgres.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Incidents.Cluster.Tests.Silos;

/// <summary>One silo with its engine node, as a server process has them.</summary>
internal sealed class Silo : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Silo(WebApplication app, Node node) => (_app, Node) = (app, node);

    public Node Node { get; }

    public SiloAddress Address => _app.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>Where its dashboard is.</summary>
    public Uri Dashboard => new(_app.Urls.First() + ClusterHosting.DashboardPath + "/");

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a silo and waits until it is in the cluster.</summary>
    /// <param name="options">What differs from the usual.</param>
    public static async Task<Silo> StartAsync(string connection, string name, int port, ConcurrentDictionary<string, int> pages, Action<string>? paged = null, Func<ClusterOptions, ClusterOptions>? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (Testing.Setting.Text("SILO_LOG") is { } folder)
            builder.Logging.AddProvider(new FileLog(Path.Combine(folder, name + ".log"))).SetMinimumLevel(LogLevel.Information);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var given = new ClusterOptions { Connection = connection, Name = name, Address = IPAddress.Loopback, SiloPort = port };
        var cluster = ClusterHosting.Add(builder, options?.Invoke(given) ?? given);
        var node = new Node(new PostgresAddress(connection), name, cluster.Peers, pages) { WhenLost = cluster.Lost, WhenPaged = paged };
        cluster.Attach(node.Host);
        var app = builder.Build();
        ClusterHosting.MapDashboard(app);
        await app.StartAsync();
        return new Silo(app, node);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Stops as a process that is replaced: nothing new is given to it, its shards go to others, and the engine ends last.</summary>
    public async Task StopAsync()
    {
        Node.IsLeaving = true;
        await _app.StopAsync();
        await Node.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }
}
