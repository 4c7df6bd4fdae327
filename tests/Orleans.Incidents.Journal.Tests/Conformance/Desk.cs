using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Turns;
using Incidents.Escalation;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Journal.Tests.Sqlite;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;
using NodaTime;

namespace Incidents.Journal.Tests;

/// <summary>A journal on a store, and engines that decide what is written to it.</summary>
internal sealed class Desk : IEngineOutput, IDisposable
{
    public const string Service = "shop";

    private int _calls;

    /// <param name="store">Its own from here on.</param>
    public Desk(Store store)
    {
        Store = store;
        Journal = Open();
        History = store.History();
    }

    /// <summary>On a file.</summary>
    public Desk()
        : this(new SqliteStore())
    {
    }

    public Store Store { get; }

    public static Instant Now { get; } = Instant.FromUtc(2026, 1, 2, 3, 4);

    public static Caller Human { get; } = new("olga", IdentityKind.Human);

    /// <summary>The journal's file, of a store that has one.</summary>
    public string File => ((SqliteStore)Store).File;

    public string ViewsFile => Path.Combine(Store.Folder.FullName, "views.db");

    public IJournalStore Journal { get; private set; }

    public IStoredHistory History { get; }

    /// <summary>Told of every flush that is durable.</summary>
    public Action<long, IReadOnlyList<Commit>>? OnFlushed { get; set; }

    /// <summary>A further writer of the same journal, as after a restart.</summary>
    public IJournalStore Open() => Store.Open();

    public IJournalReader Reader() => Store.Reader();

    /// <param name="speech">What may be written; absent: what the journal says.</param>
    public TurnEngine Engine(EngineOptions? options = null, Speech? speech = null) =>
        new(Reader(), this, options ?? new EngineOptions(), new Beginning(Journal.Position, [], AfterDeath: false), speech ?? Journal.Speech);

    /// <summary>An engine that has configured a service whose first step pages somebody.</summary>
    public TurnEngine Configured(EngineOptions? options = null, Speech? speech = null)
    {
        var engine = Engine(options, speech);
        var definition = new ServiceDefinition(Service, "Shop", "", "calls", Severity.Error, ServiceDefinition.DefaultOpeningBudget);
        Call(engine, StreamId.Service(Service), new ConfigureService(definition, new PolicyDefinition("calls", [new PolicyStep(["olga"], Duration.FromHours(1))], 0)));
        Call(engine, StreamId.Responder("olga"), new ConfigureResponder(new ResponderDefinition("olga", "Olga", [new Contact("console", "olga", null)])));
        Commit(engine);
        return engine;
    }

    /// <summary>A message from nowhere, to be done at once.</summary>
    public static MessageWork Message(CommandId id, StreamId to, ICommand command)
    {
        var (type, payload) = Payloads.Write(command);
        return new MessageWork(id, to, Human, command) { Type = type, Payload = payload, Due = -1 };
    }

    public void Call(TurnEngine engine, StreamId to, ICommand command) =>
        engine.Post(new CallWork(CommandId.Of($"call {++_calls}"), to, Human, command, _ => { }));

    /// <summary>Alerts of one request, a group each.</summary>
    public static void Alert(TurnEngine engine, string request, params (string Group, Severity Severity)[] alerts) =>
        Alert(engine, request, Duration.Zero, alerts);

    public static void Alert(TurnEngine engine, string request, Duration wait, params (string Group, Severity Severity)[] alerts) =>
        engine.Post(Request(request, _ => { }, wait, alerts));

    /// <summary>Alerts of one request, a group each.</summary>
    public static RequestWork Request(string request, Action<RequestAnswer> answer, params (string Group, Severity Severity)[] alerts) =>
        Request(request, answer, Duration.Zero, alerts);

    public static StreamId Group(string name) => StreamId.GroupByKey("generic", LabelSet.Of("key", name).Fingerprint);

    /// <summary>Stores a message that waits for nothing, as a flush that is cut off between its maker and its receiver does.</summary>
    public MessageWork StoreAtOnce(TurnEngine engine)
    {
        Alert(engine, "cut off", ("cut off", Severity.Critical));
        engine.Step(Now, turns: 2);
        var flush = engine.Seal(Now)!;
        engine.Complete(Journal.Commit(flush), Now);
        return flush.ToStore([]).Single(m => m.AtOnce && m.Lane == Lane.Inside);
    }

    /// <summary>Decides everything that waits, and seals it.</summary>
    public static Flush Seal(TurnEngine engine)
    {
        engine.Step(Now);
        return engine.Seal(Now)!;
    }

    /// <summary>Decides, seals, writes and reports back.</summary>
    public FlushOutcome Commit(TurnEngine engine)
    {
        var outcome = Journal.Commit(Seal(engine));
        engine.Complete(outcome, Now);
        return outcome;
    }

    /// <summary>Lets an engine do at a later time what it does by itself, and writes that.</summary>
    public void Save(TurnEngine engine, Instant now)
    {
        engine.Step(now);
        engine.Advance(now);
        if (engine.Seal(now) is { } flush)
            engine.Complete(Journal.Commit(flush), now);
    }

    /// <summary>Opens an incident of its own and returns it.</summary>
    public StreamId Incident(TurnEngine engine, string group)
    {
        Alert(engine, $"open {group}", (group, Severity.Critical));
        Commit(engine);
        return StreamId.Incident(((GroupOpened)Read(Group(group))[0]).Incident);
    }

    /// <summary>A stream's events as stored.</summary>
    public List<IEvent> Read(StreamId stream) => [.. Reader().Load([stream])[0].Events];

    public List<string> Notes(StreamId incident) => [.. Read(incident).OfType<NoteAdded>().Select(n => n.Text)];

    public void AssertVerifies() => Assert.Empty(Store.Verify().Faults);

    public void Attempt(PageContent page, int attempt, Engine.Tracing.Origin? origin)
    {
    }

    public void Flushed(long position, IReadOnlyList<Commit> commits) => OnFlushed?.Invoke(position, commits);

    public void Dispose() => Store.Dispose();

    private static RequestWork Request(string request, Action<RequestAnswer> answer, Duration wait, (string Group, Severity Severity)[] alerts) => new()
    {
        Id = CommandId.Of(request), By = Human, Integration = "generic", ReceivedAt = Now, Key = CommandId.Of(request), Answer = answer,
        Items = [.. alerts.Select((a, i) => new RequestItem { Index = i, Group = Group(a.Group), Signal = new Signal(Firing(a.Group, a.Severity), new GroupTarget(Service, LabelSet.Empty, wait, Duration.Zero)) })],
    };

    private static Alert Firing(string key, Severity severity) => new()
    {
        Action = AlertAction.Trigger, DedupKey = key, Identity = AlertIdentity.Key, Title = $"Problem {key}", Severity = severity, Labels = LabelSet.Of("key", key),
    };
}
