using Incidents.Engine.Nodes;
using Incidents.Journal;
using Incidents.Server.Api;
using Incidents.Server.Configuration;
using Incidents.Server.Edge;

namespace Incidents.Server.Hosting;

/// <summary>What makes this process a silo, in a build that has the Orleans host.</summary>
internal static class Silos
{
    /// <summary>The certificate's password is in no list of processes.</summary>
    public const string CertificatePassword = "INCIDENTS_CLUSTER_CERTIFICATE_PASSWORD";

#if ORLEANS_HOST
    /// <summary>The hosts that this program was built with.</summary>
    public static string Hosts { get; } = $"embedded, cluster (Orleans {Cluster.Hosting.ClusterHosting.OrleansVersion})";

    /// <summary>Whether this program has the cluster.</summary>
    public static bool IsBuiltIn => true;

    /// <summary>Adds the silo to the program.</summary>
    /// <exception cref="JournalRefusedException">Its certificate cannot be used; one line.</exception>
    public static IClusterHost Add(WebApplicationBuilder builder, ServerOptions options)
    {
        try
        {
            return Cluster.Hosting.ClusterHosting.Add(builder, new Cluster.Hosting.ClusterOptions
            {
                Connection = Storage.Written(options.Postgres!), Name = NameOf(options), Address = options.Advertise, SiloPort = options.SiloPort, GatewayPort = options.GatewayPort,
                Tls = options.ClusterCertificate is { } file ? new Cluster.Hosting.ClusterTls(file, Environment.GetEnvironmentVariable(CertificatePassword)) : null,
            });
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new JournalRefusedException($"{ServerOption.ClusterCertificate.CommandLine}: {unusable.Message}");
        }
    }

    /// <summary>Shows the cluster's dashboard to operators.</summary>
    public static void MapDashboard(WebApplication app) => Cluster.Hosting.ClusterHosting.MapDashboard(app).AddEndpointFilter(async (context, next) =>
    {
        context.HttpContext.RequestServices.GetRequiredService<Credentials>().Operator(context.HttpContext);
        return await next(context);
    }).ExcludeFromDescription();
#else
    public static string Hosts => "embedded";

    public static bool IsBuiltIn => false;

    public static IClusterHost Add(WebApplicationBuilder builder, ServerOptions options) => throw new JournalRefusedException(Missing);

    public static void MapDashboard(WebApplication app)
    {
    }
#endif

    /// <summary>What is said where the cluster is asked for and is not there.</summary>
    public static string Missing => $"{ServerOption.Cluster.CommandLine}: this program was built without Orleans; build it with -p:OrleansHost=required, which needs the Microsoft.Orleans packages";

    /// <summary>What people know this silo by.</summary>
    public static string NameOf(ServerOptions options) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Environment.MachineName}-{options.SiloPort}");
}
