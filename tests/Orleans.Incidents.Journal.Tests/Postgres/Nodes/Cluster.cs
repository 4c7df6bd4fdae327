using System.Collections.Concurrent;
using System.Globalization;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Nodes;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Escalation;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Journal.Postgres;
using Incidents.Responders;
using Incidents.Services;
using Incidents.Testing;
using NodaTime;

namespace Incidents.Journal.Tests.Postgres.Nodes;

/// <summary>Several engine nodes in one process on one database, and what they were given.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "The tests of the Orleans host have one of silos")]
internal class Cluster : IPeers, IAsyncDisposable
{
    private readonly PostgresStore _store = new(isOwned: false);
    private readonly List<Node> _nodes = [];
    private int _problems;
    private int _turn;

    /// <summary>How often each page was tried, by its id.</summary>
    public ConcurrentDictionary<string, int> Pages { get; } = new(StringComparer.Ordinal);

    public PostgresStore Store => _store;

    public Node this[int index] => _nodes[index];

    /// <summary>The nodes that run, in order of their start.</summary>
    public IReadOnlyList<Node> Up => [.. _nodes.Where(n => n.IsUp)];

    /// <summary>So many nodes that share the shards evenly, and services that are spread over them.</summary>
    public static async Task<Cluster> StartAsync(int count, EngineOptions? options = null, params Vocabulary[] vocabularies)
    {
        var nodes = new Cluster();
        for (var i = 0; i < count; i++)
            nodes.Add(options, vocabularies.ElementAtOrDefault(i));
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => nodes[i].Host.TakeAsync([.. Enumerable.Range(0, StreamId.Shards).Where(s => s % count == i)])));
        await nodes.ConfigureAsync();
        return nodes;
    }

    /// <summary>Declares the services and their responders.</summary>
    public Task ConfigureAsync() => Task.WhenAll(Enumerable.Range(0, Services).Select(i => ConfigureAsync(Up[i % Up.Count], i)));

    public const int Services = 24;

    public Node Add(EngineOptions? options = null, Vocabulary? vocabulary = null, Func<IJournal, IJournal>? through = null)
    {
        var node = new Node(_store.Address, $"node-{_nodes.Count}", this, Pages, options, vocabulary, through);
        Add(node);
        return node;
    }

    /// <summary>Adds a node that was made elsewhere, to be disposed with the others.</summary>
    protected void Add(Node node) => _nodes.Add(node);

    public static string Service(int index) => string.Create(CultureInfo.InvariantCulture, $"service-{index % Services}");

    /// <summary>Who owns a stream's shard.</summary>
    public Node? OwnerOf(StreamId stream) => Up.FirstOrDefault(n => n.Host.Owns(stream));

    /// <summary>An alert of a problem of its own on one of the services, by label or by the sender's own key.</summary>
    public static RequestItem Problem(int number, int index = 0, bool byKey = false)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"p{number}");
        var alert = new Alert { Action = AlertAction.Trigger, DedupKey = key, Identity = AlertIdentity.Key, Title = key, Severity = Severity.Critical, Labels = LabelSet.Of("key", key) };
        var fingerprint = LabelSet.Of("key", key).Fingerprint;
        var group = byKey ? StreamId.GroupByKey("generic", fingerprint) : StreamId.GroupByLabels(Service(number), fingerprint);
        return new RequestItem { Index = index, Group = group, Signal = new Signal(alert, new GroupTarget(Service(number), LabelSet.Empty, Duration.Zero, Duration.Zero)) };
    }

    /// <summary>Sends new problems to the nodes that run, in turn, until told to stop; what was answered is in the books.</summary>
    public async Task<Dictionary<int, StreamId>> SendAsync(int atLeast, Func<bool> stop, int batch = 1)
    {
        var books = new ConcurrentDictionary<int, StreamId>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async sender =>
        {
            while (books.Count < atLeast || !stop())
            {
                var items = Enumerable.Range(0, batch).Select(i => Problem(Interlocked.Increment(ref _problems), i, byKey: i % 3 == 2)).ToList();
                var first = int.Parse(items[0].Signal!.Alert.Title.AsSpan(1), CultureInfo.InvariantCulture);
                await GiveAsync(string.Create(CultureInfo.InvariantCulture, $"request-{first}"), items);
                foreach (var item in items)
                    books[int.Parse(item.Signal!.Alert.Title.AsSpan(1), CultureInfo.InvariantCulture)] = item.Group;
            }
        }));
        return books.ToDictionary();
    }

    // As a sender does: whoever has gone is asked no more, and the next one is; what it accepted is known to that one by its id.
    private async Task GiveAsync(string request, List<RequestItem> items)
    {
        while (true)
        {
            var up = Up;
            var node = up[Interlocked.Increment(ref _turn) % up.Count];
            var answer = node.AcceptAsync(request, items);
            if (await Task.WhenAny(answer, node.Host.Ended).WaitAsync(Eventually.Patience) != answer)
                continue;
            Assert.Null((await answer).Failed);
            return;
        }
    }

    /// <summary>Waits until every problem has an incident of its own and a page of it, then compares all that there is with the books.</summary>
    public async Task AssertBooksAsync(IReadOnlyDictionary<int, StreamId> books)
    {
        await Eventually.TrueAsync("every problem has its page", () => Up.Count > 0 && Pages.Count >= books.Count);
        await Eventually.TrueAsync("nothing waits to be done at once", () => _store.Ask("SELECT count(*) FROM message WHERE due<0") == "0");
        using var reader = new PostgresReader(_store.Address);
        var opened = Load(reader, books.Values).Select(group => Assert.Single(group.Events.OfType<GroupOpened>()).Incident).ToList();
        Assert.Equal(books.Count, opened.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Load(reader, opened.Select(StreamId.Incident)), incident => Assert.Single(incident.Events.OfType<IncidentOpened>()));
        Assert.Equal(opened.Order(StringComparer.Ordinal), Pages.Keys.Select(p => p.Split('-')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(books.Count, Pages.Count);
        Assert.Empty(_store.Verify().Faults);
    }

    /// <summary>What the block says of a request's items.</summary>
    public static IReadOnlyList<BlockItem> Items(PostgresHistory history, RequestAnswer answer) => RequestAt(history, answer.Position, answer.Number).Items;

    /// <summary>What a receipt leads to: the item where its group was decided.</summary>
    public static BlockItem Follow(PostgresHistory history, RequestAnswer answer, int item)
    {
        var found = RequestAt(history, answer.Position, answer.Number).Items[item];
        return found.Forward is { } forward && history.Request(forward) is var (position, number)
            ? RequestAt(history, position, number).Items.First(i => i.Alert == found.ForwardAlert)
            : found;
    }

    public async Task<AnswerEnvelope?> CallAsync(CallEnvelope call, CancellationToken cancel)
    {
        if (OwnerOf(call.To) is not { } owner)
            return null;
        var answer = await owner.Host.CallAsync(call.Id, call.To, call.By, call.Command, remembered: true, call.Expected);
        return answer.IsElsewhere ? null : AnswerEnvelope.Of(answer);
    }

    public async Task<StateEnvelope?> ReadAsync(StreamId of, CancellationToken cancel)
    {
        if (OwnerOf(of) is not { } owner)
            return null;
        var seen = await owner.Host.ReadAsync(of);
        return seen.IsElsewhere ? null : StateEnvelope.Of(seen);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _store.Dispose();
    }

    private static List<StreamImage> Load(PostgresReader reader, IEnumerable<StreamId> streams) => [.. streams.Chunk(200).SelectMany(some => reader.Load(some))];

    private static BlockRequest RequestAt(PostgresHistory history, long position, int number)
    {
        var block = history.Block(position)!;
        return ReceiptBlock.Read(block.Bytes, block.SealedAt)[number];
    }

    private static async Task ConfigureAsync(Node node, int index)
    {
        var (service, responder) = (Service(index), string.Create(CultureInfo.InvariantCulture, $"responder-{index}"));
        var by = new Caller("config", IdentityKind.Service);
        var budget = new Throttling.Budget(1_000_000, Duration.FromSeconds(1), 1_000_000);
        var definition = new ServiceDefinition(service, service, "", "calls", Severity.Error, budget);
        await node.Actors.CallAsync(CommandId.Of($"configure {service}"), StreamId.Service(service), by,
            new ConfigureService(definition, new PolicyDefinition("calls", [new PolicyStep([responder], Duration.FromHours(1))], 0)));
        await node.Actors.CallAsync(CommandId.Of($"configure {responder}"), StreamId.Responder(responder), by,
            new ConfigureResponder(new ResponderDefinition(responder, responder, [new Contact("console", responder, null)])));
    }
}
