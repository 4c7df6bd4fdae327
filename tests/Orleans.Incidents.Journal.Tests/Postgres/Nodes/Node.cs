using System.Collections.Concurrent;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Embedded;
using Incidents.Engine.Nodes;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Incidents.Journal.Postgres;
using Incidents.Pages;

namespace Incidents.Journal.Tests.Postgres.Nodes;

/// <summary>One engine node of several on one database, with all that is real but the network: pages are delivered as soon as they are tried.</summary>
internal sealed class Node : IEngineOutput, IAsyncDisposable
{
    private static readonly Caller Sender = new("delivery", IdentityKind.Service);

    private readonly PostgresReader _reader;
    private readonly PostgresHistory _history;
    private readonly PostgresHistory _recovery;
    private readonly PostgresBell _bell;
    private readonly ConcurrentDictionary<string, int> _pages;
    private bool _ended;

    /// <param name="vocabulary">What it reads; absent: what this program does.</param>
    /// <param name="through">What its flushes go through; absent: straight to the journal.</param>
    public Node(PostgresAddress address, string name, IPeers peers, ConcurrentDictionary<string, int> pages, EngineOptions? options = null, Vocabulary? vocabulary = null, Func<IJournal, IJournal>? through = null)
    {
        Name = name;
        _pages = pages;
        var shards = PostgresShards.Enter(address, name, vocabulary);
        Journal = new PostgresJournal(shards);
        _reader = new PostgresReader(address);
        _history = new PostgresHistory(address);
        _recovery = new PostgresHistory(address);
        var engine = new TurnEngine(_reader, this, options ?? new EngineOptions(), Journal.Position, shards.Node, Journal.Speech);
        Host = new EmbeddedHost(engine, through?.Invoke(Journal) ?? Journal, Journal, _recovery, Tell, TimeProvider.System);
        Actors = new NodeActors(Host, peers, TimeProvider.System);
        _bell = new PostgresBell(address, Host.Ring);
        Host.Start();
        _bell.Start();

        void Tell(IReadOnlyList<int> lost)
        {
            Lost.AddRange(lost);
            WhenLost?.Invoke(lost);
        }
    }

    public string Name { get; }

    public PostgresJournal Journal { get; }

    public EmbeddedHost Host { get; }

    public NodeActors Actors { get; }

    public PostgresHistory History => _history;

    public List<int> Lost { get; } = [];

    /// <summary>Told of shards that another node has taken; set while it owns nothing.</summary>
    public Action<IReadOnlyList<int>>? WhenLost { get; init; }

    /// <summary>Told of a page's id before it is tried; set while it owns nothing.</summary>
    public Action<string>? WhenPaged { get; init; }

    /// <summary>Whether it is asked for nothing new.</summary>
    public bool IsLeaving { get; set; }

    /// <exception cref="InvalidOperationException">It has left service by itself.</exception>
    public bool IsUp => _ended || IsLeaving || !Host.Ended.IsCompleted ? !_ended && !IsLeaving : throw new InvalidOperationException($"{Name} has left service", Host.Ended.Result);

    public void Attempt(PageContent page, int attempt, Engine.Tracing.Origin? origin)
    {
        WhenPaged?.Invoke(page.Id);
        _pages.AddOrUpdate(page.Id, 1, (_, n) => n + 1);
        _ = Actors.CallAsync(CommandId.Of($"{page.Id}#{attempt}"), StreamId.Page(page.Id), Sender, new ReportAttempt(attempt, DeliveryResult.Of(DeliveryReason.Accepted, "")))
            .ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public void Flushed(long position, IReadOnlyList<Commit> commits)
    {
    }

    /// <summary>Accepts one request, as the edge does.</summary>
    public Task<RequestAnswer> AcceptAsync(string request, IReadOnlyList<RequestItem> items)
    {
        var done = new TaskCompletionSource<RequestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Host.Post(new RequestWork
        {
            Id = CommandId.Of(request), Key = CommandId.Of(request), By = Desk.Human, Integration = "generic", ReceivedAt = Desk.Now, Items = items, Answer = done.SetResult,
        });
        return done.Task;
    }

    /// <summary>Ends without order: what is decided and not written is gone, and no shard is given up.</summary>
    public async Task KillAsync()
    {
        _ended = true;
        Host.Leave(new InvalidOperationException("killed"));
        await CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended)
            return;
        _ended = true;
        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        await Host.StopAsync(TimeSpan.FromSeconds(5));
        _bell.Dispose();

        // Its last commit may still be on its way, as that of a process that is killed.
        Host.Dispose();
        Journal.Dispose();
        _reader.Dispose();
        _history.Dispose();
        _recovery.Dispose();
    }
}
