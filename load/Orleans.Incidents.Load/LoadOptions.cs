namespace Incidents.Load;

/// <summary>What one start of the program does.</summary>
internal enum Scenario
{
    /// <summary>The same alerts against each peer in turn, several rounds.</summary>
    Compare,

    /// <summary>Distinct problems opened through to a page enqueued, on our server.</summary>
    Problems,

    /// <summary>Journal bytes per alert, on our server.</summary>
    Bytes,

    /// <summary>Latency at a fixed rate of arrivals, each peer in turn.</summary>
    Open,

    /// <summary>Managed heap per alert group, each peer in turn.</summary>
    Heap,

    /// <summary>Memory of our server over minutes of load.</summary>
    Flat,

    /// <summary>What a real Prometheus server's repeats cost our server.</summary>
    Resend,

    /// <summary>The same load on an empty PostgreSQL database and on one with a long past, in turn.</summary>
    History,

    /// <summary>From the start of our server to serving, with many groups open.</summary>
    Start,

    /// <summary>Load on PostgreSQL while a dump is held open.</summary>
    Dump,

    /// <summary>Not a measurement: be the bare peer.</summary>
    Bare,

    /// <summary>Print the usage.</summary>
    Help,
}

/// <summary>Everything that can be chosen on the command line. The bounds are in <see cref="OptionParser"/>.</summary>
internal sealed record LoadOptions
{
    public Scenario Scenario { get; init; } = Scenario.Compare;

    /// <summary>The longest that one cell measures. <value>Default 10.</value></summary>
    public int Seconds { get; init; } = 10;

    /// <summary>The shortest time under load before a cell measures. <value>Default 5.</value></summary>
    public int Warmup { get; init; } = 5;

    /// <summary>How often each cell is measured on each peer. <value>Default 3.</value></summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Connections, each with one request in flight. <value>Default 64.</value></summary>
    public int Connections { get; init; } = 64;

    /// <summary>Alerts per request, one column of cells each. <value>Default 1 and 50.</value></summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 50];

    /// <summary>Distinct group keys, one row of cells each. <value>Default 100 and 10,000.</value></summary>
    public IReadOnlyList<int> Keys { get; init; } = [100, 10_000];

    /// <summary>Ends a cell after this many alerts if that is sooner than its time; <see langword="null"/>: by time alone (bytes: 1,000,000).</summary>
    public long? Alerts { get; init; }

    /// <summary>The peers of a comparison, by name. <value>Default ours, alertmanager, bare.</value></summary>
    public IReadOnlyList<string> Peers { get; init; } = ["ours", "alertmanager", "bare"];

    /// <summary>The built server.</summary>
    public string OursDll { get; init; } = "src/Orleans.Incidents.Server/bin/Release/net10.0/Orleans.Incidents.Server.dll";

    /// <summary>The server's configuration for the run: no budget may stand in the way.</summary>
    public string Config { get; init; } = "load/incidents.load.yaml";

    /// <summary>Alertmanager's program.</summary>
    public string Alertmanager { get; init; } = "/usr/bin/prometheus-alertmanager";

    /// <summary>How many distinct problems are opened. <value>Default 20,000.</value></summary>
    public int Problems { get; init; } = 20_000;

    /// <summary>PostgreSQL's shared_buffers, in MB. <value>Default 256.</value></summary>
    public int SharedBuffers { get; init; } = 256;

    /// <summary>What our server's sessions ask of PostgreSQL, as in Npgsql's <c>Options</c>: <c>-c name=value</c>. <value>Default: nothing.</value></summary>
    public string PostgresOptions { get; init; } = "";

    /// <summary>How many past incidents <c>history</c> fills a database with. <value>Default 1,000,000.</value></summary>
    public int Past { get; init; } = 1_000_000;

    /// <summary>How many groups are open where <c>start</c> starts. <value>Default 1,000,000.</value></summary>
    public int Groups { get; init; } = 1_000_000;

    /// <summary>The longest that all pages of <c>problems</c>, and a server's start, may take, in seconds. <value>Default 120.</value></summary>
    public int Timeout { get; init; } = 120;

    /// <summary>The counter at our server's <c>/metrics</c> that says how many pages have been enqueued.</summary>
    public string PageMetric { get; init; } = "incidents_pages_enqueued_total";

    /// <summary>Alerts are sent as the configured integration instead of with the admin token.</summary>
    public bool AsIntegration { get; init; }

    /// <summary>Where the report is written; <see langword="null"/>: <c>artifacts/load/&lt;time&gt;</c>.</summary>
    public string? Out { get; init; }

    /// <summary>Keep the servers' data and logs, also those of a failed run.</summary>
    public bool Keep { get; init; }

    /// <summary>Requests a second of an open loop; 0: half of what the slowest peer takes in a closed one (flat: 2,000; dump: 100 new problems).</summary>
    public int Rate { get; init; }

    /// <summary>How long heap, flat, resend and dump go on, in minutes. <value>Default 5.</value></summary>
    public int Minutes { get; init; } = 5;

    /// <summary>Prometheus' program.</summary>
    public string Prometheus { get; init; } = "/usr/bin/prometheus";

    /// <summary>The bare peer's address.</summary>
    public Uri? Urls { get; init; }
}
