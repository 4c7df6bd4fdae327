using System.Data.Common;
using System.Reflection;
using Incidents.Cluster.Grains;
using Incidents.Cluster.Placement;
using Incidents.Cluster.Shards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Incidents.Cluster.Hosting;

/// <summary>Makes a program a silo.</summary>
public static class ClusterHosting
{
    // What statements of the membership wait for: less than it takes to be suspected.
    private const string StatementSeconds = "5";

    /// <summary>The version of Orleans.</summary>
    public static string OrleansVersion { get; } = typeof(Orleans.Grain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Where the dashboard is.</summary>
    public const string DashboardPath = "/dashboard";

    /// <summary>
    /// Adds the silo to a program. It starts with the program, so the engine is attached before that; when the program stops, what
    /// listens for requests stops first, then the silo drains its shards, gives them up and leaves the cluster, and the engine stops last.
    /// </summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The certificate cannot be used.</exception>
    /// <exception cref="IOException">Its file cannot be read.</exception>
    public static ClusterNode Add(IHostApplicationBuilder builder, ClusterOptions options)
    {
        var engine = new EngineShards(TimeProvider.System);
        var peers = new OrleansPeers();
        builder.Services.AddSingleton<IShardHost>(engine);
        builder.UseOrleans(silo => Configure(silo, options));

        // Behind the silo: it starts later and ends earlier.
        builder.Services.AddSingleton(s => new ShardHomes(s.GetRequiredService<IClusterMembershipService>(), s.GetRequiredService<ILocalSiloDetails>(), TimeProvider.System));
        builder.Services.AddHostedService(s =>
        {
            var grains = s.GetRequiredService<IGrainFactory>();
            peers.Bind(grains);
            return new ShardKeeper(engine, grains, s.GetRequiredService<ShardHomes>(), TimeProvider.System, s.GetRequiredService<ILogger<ShardKeeper>>());
        });
        return new ClusterNode(engine, peers);
    }

    /// <summary>Maps the dashboard. It shows everything and asks nobody: the caller adds who may see it.</summary>
    public static RouteGroupBuilder MapDashboard(IEndpointRouteBuilder app) => app.MapOrleansDashboard(DashboardPath);

    private static void Configure(ISiloBuilder silo, ClusterOptions options)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.Cluster, options.Cluster));
        silo.Configure<SiloOptions>(own => own.SiloName = options.Name);
        silo.ConfigureEndpoints(options.Address, options.SiloPort, options.GatewayPort, options.ListensEverywhere);
        silo.UseAdoNetClustering(database => (database.Invariant, database.ConnectionString) = ("Npgsql", Connection(options.Connection)));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = options.ProbeTimeout;
            membership.NumMissedProbesLimit = options.MissedProbes;

            // A silo that stands still keeps its connections: nobody suspects it for so long times the probes after the last word from it.
            membership.MaxProbeTimeout = options.ProbeTimeout * 2;
            membership.TableRefreshTimeout = options.TableRefresh;
            membership.IAmAliveTablePublishTimeout = options.AlivePeriod;
        });
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);

        // An address holds nothing: it may go as soon as Orleans looks.
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            foreach (var address in new[] { typeof(IncidentGrain), typeof(ServiceGrain), typeof(ResponderGrain), typeof(IdentityGrain), typeof(AlertGroupGrain) })
                collection.ClassSpecificCollectionAge[address.FullName!] = collection.CollectionQuantum * 2;
        });
        silo.AddPlacementDirector<ShardPlacement, ShardDirector>();

        // The default directory forgets the activations whose entries a silo held that leaves, and so moves a share of every other silo's
        // shards. This one hands entries over, and asks the others what they have when a silo died. It would let a dead silo's grains wait
        // until that has surely stopped: here the epochs see to it that it cannot decide any more.
        silo.AddDistributedGrainDirectory();
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        if (options.Tls is { } tls)
            silo.UseTls(new SiloTrust(tls).Apply);
        if (options.Dashboard)
            silo.AddDashboard();
    }

    private static string Connection(string given)
    {
        var connection = new DbConnectionStringBuilder { ConnectionString = given };
        foreach (var (key, value) in new[] { ("Timeout", StatementSeconds), ("Command Timeout", StatementSeconds), ("Application Name", "Orleans.Incidents cluster"), ("Maximum Pool Size", "4") })
        {
            if (!connection.ContainsKey(key))
                connection[key] = value;
        }

        return connection.ConnectionString;
    }
}
