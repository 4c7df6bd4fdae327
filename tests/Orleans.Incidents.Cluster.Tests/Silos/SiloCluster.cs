using Incidents.Cluster.Hosting;
using Incidents.Cluster.Placement;
using Incidents.Decisions;
using Incidents.Journal.Tests.Postgres.Nodes;
using Incidents.Testing;

namespace Incidents.Cluster.Tests.Silos;

/// <summary>Several silos on one database, most of them in this process, and what their nodes were given.</summary>
internal sealed class SiloCluster : Journal.Tests.Postgres.Nodes.Cluster
{
    private const string Waiting =
        "SELECT string_agg(w::text, ' ') FROM (SELECT n.name, m.lane, m.type, m.crossed IS NOT NULL AS mail, max(m.attempts) AS attempts, count(*), min(m.shard) " +
        "FROM message m LEFT JOIN shard s ON s.number=m.shard LEFT JOIN node n ON n.id=s.node WHERE m.due<0 GROUP BY 1, 2, 3, 4) w";

    private readonly List<Silo> _silos = [];
    private readonly List<SiloProcess> _processes = [];
    private readonly Func<ClusterOptions, ClusterOptions>? _options;
    private readonly Dictionary<int, StreamId> _books = [];
    private int _made;

    private SiloCluster(Func<ClusterOptions, ClusterOptions>? options) => _options = options;

    /// <summary>Those of this process that run, in order of their start.</summary>
    public IReadOnlyList<Silo> Silos => _silos;

    private string Connection => PostgresServer.Shared.Connection(Store.Database);

    /// <summary>So many silos in this process, whose shards are where they belong.</summary>
    public static async Task<SiloCluster> StartAsync(int count, Func<ClusterOptions, ClusterOptions>? options = null)
    {
        var silos = new SiloCluster(options);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => silos.AddAsync()));
        await silos.SettleAsync();
        await silos.ConfigureAsync();
        return silos;
    }

    public async Task<Silo> AddAsync()
    {
        var silo = await Silo.StartAsync(Connection, NextName(), Silo.FreePort(), Pages, options: _options);
        lock (_silos)
            _silos.Add(silo);
        Add(silo.Node);
        return silo;
    }

    /// <summary>A silo in a process of its own.</summary>
    public async Task<SiloProcess> AddProcessAsync()
    {
        var process = await SiloProcess.StartAsync(Connection, NextName(), Pages);
        _processes.Add(process);
        return process;
    }

    /// <summary>Stops a silo of this process in order.</summary>
    public async Task StopAsync(Silo silo)
    {
        await silo.StopAsync();
        _silos.Remove(silo);
        await silo.DisposeAsync();
    }

    /// <summary>Waits until each shard of the silos of this process is where it belongs and no other has any.</summary>
    public Task SettleAsync() => Eventually.TrueAsync("every shard is where it belongs", () => _silos.TrueForAll(IsAtHome) && Up.Sum(n => n.Host.Shards.Count) == StreamId.Shards);

    /// <summary>Sends new problems as <see cref="Journal.Tests.Postgres.Nodes.Cluster.SendAsync"/> does, and compares what there is with everything sent so far.</summary>
    public async Task CheckAsync(int atLeast, Func<bool> stop)
    {
        foreach (var (number, group) in await SendAsync(atLeast, stop, batch: 3))
            _books.Add(number, group);
        try
        {
            await AssertBooksAsync(_books);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; messages waiting by owner: {Store.Ask(Waiting)}; owned here: {string.Join(", ", Up.Select(n => $"{n.Name} {n.Host.Shards.Count}"))}", late);
        }
    }

    /// <summary>How many shards a node owns as the journal says.</summary>
    public int SharesOf(string name) => int.Parse(Store.Ask($"SELECT count(*) FROM shard s JOIN node n ON n.id=s.node WHERE n.name='{name}'"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The shards that a node owns as the journal says.</summary>
    public HashSet<int> ShardsOf(string name) =>
        [.. Store.Ask($"SELECT string_agg(s.number::text, ',') FROM shard s JOIN node n ON n.id=s.node WHERE n.name='{name}'").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    public override async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            process.Dispose();
        await Task.WhenAll(_silos.Select(s => s.DisposeAsync().AsTask()));
        await base.DisposeAsync();
    }

    private bool IsAtHome(Silo silo)
    {
        var addresses = _silos.Select(s => s.Address).ToList();
        return Enumerable.Range(0, StreamId.Shards).All(shard => silo.Node.Host.Owns(shard) == Rendezvous.Choose(shard, addresses).Equals(silo.Address));
    }

    private string NextName() => $"silo-{Interlocked.Increment(ref _made).ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
