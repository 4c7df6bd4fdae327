using System.Net;

namespace Incidents.Cluster.Hosting;

/// <summary>How a silo finds the others and talks to them.</summary>
public sealed record ClusterOptions
{
    /// <summary>The database of the journal, as Npgsql reads it: there the silos find each other.</summary>
    public required string Connection { get; init; }

    /// <summary>What the silos of one cluster have in common besides the database.</summary>
    /// <value>Default: <c>incidents</c>.</value>
    public string Cluster { get; init; } = "incidents";

    /// <summary>What people know the silo by.</summary>
    /// <value>Default: the machine's name.</value>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Where other silos reach this one. It also listens there, unless that is said otherwise.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Whether it listens on all addresses, because the one that others know is not this machine's own.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool ListensEverywhere { get; init; }

    /// <summary>The port for other silos.</summary>
    /// <value>Default: 11111.</value>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for Orleans clients; 0: there is none.</summary>
    /// <value>Default: 0, because the product's own interface is HTTP.</value>
    public int GatewayPort { get; init; }

    /// <summary>How silos prove themselves to each other and hide what they say; <see langword="null"/>: not at all, for a network that is closed.</summary>
    public ClusterTls? Tls { get; init; }

    /// <summary>Whether the dashboard's figures are collected.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Dashboard { get; init; } = true;

    /// <summary>How long a silo may take to answer a probe, and how often it is probed.</summary>
    /// <value>Default: 1 s.</value>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how many unanswered probes a silo is suspected.</summary>
    /// <value>Default: 2.</value>
    public int MissedProbes { get; init; } = 2;

    /// <summary>How often the list of silos is read, in case nobody told of a change.</summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan TableRefresh { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo writes that it is alive: a list of silos that all died is not believed for longer than three times this.</summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan AlivePeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call to another silo may take. It is tried again under the same id.</summary>
    /// <value>Default: 2 s.</value>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>The certificates of the silos.</summary>
/// <param name="Certificate">The silo's own: a PFX file, or a PEM file of certificate and key.</param>
/// <param name="Password">Opens a PFX file; <see langword="null"/>: none.</param>
/// <param name="Authority">A PEM file of who signs silos' certificates; <see langword="null"/>: all silos have the same certificate and believe no other.</param>
public sealed record ClusterTls(string Certificate, string? Password = null, string? Authority = null);
