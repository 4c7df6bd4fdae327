using System.Globalization;
using Incidents.Delivery;
using Incidents.Engine;
using Incidents.Engine.Delivery;
using Incidents.Engine.Embedded;
using Incidents.Engine.Nodes;
using Incidents.Engine.Receipts;
using Incidents.Engine.Tracing;
using Incidents.Engine.Turns;
using Incidents.Engine.Views;
using Incidents.Grouping;
using Incidents.Integrations.Delivery;
using Incidents.Integrations.Delivery.Console;
using Incidents.Integrations.Delivery.Email;
using Incidents.Integrations.Delivery.Webhook;
using Incidents.Journal;
using Incidents.Journal.Sqlite;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Server.Logging;
using Incidents.Server.Telemetry;
using Incidents.Server.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Incidents.Server.Hosting;

/// <summary>Everything between the edge and the disk, for one process: journal, engine, deliveries, views.</summary>
internal sealed class Runtime : IEngineOutput, IAsyncDisposable
{
    private const int MaxOldPages = 10_000;

    // What the engine must read is waited for as long. One of several that need not read anything, because it waits for its shards, would keep them from the others.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly Storage _storage;
    private readonly IDisposable? _bell;
    private readonly IJournalStore _journal;
    private readonly IStoredHistory _history;
    private readonly SqliteViews _views;
    private readonly OwnerWatch _owner;
    private readonly WebhookChannel _webhook;
    private readonly DeliveryPump _pump;
    private readonly Housekeeping _housekeeping;
    private readonly JournalLog _log;
    private readonly SteadyClock _clock;
    private readonly CancellationTokenSource _left = new();
    private long _position;
    private int _disposed;

    /// <param name="storage">The runtime's own from here on; absent: a file in the folder.</param>
    /// <param name="peers">How the other nodes are reached, of a storage that several share.</param>
    public Runtime(DataFolder data, TimeProvider world, TextWriter console, EngineOptions options, ILogger? logger = null, Storage? storage = null, IPeers? peers = null)
    {
        World = world;
        Log = logger ?? NullLogger.Instance;
        _storage = storage ?? Storage.OfFolder(data);
        _journal = _storage.Journal;
        _clock = new SteadyClock(world, _journal.LastTime, jump => Logging.Log.ClockJumped(Log, Math.Round(jump.TotalSeconds)));
        var clock = _clock;
        _history = _storage.History;
        _views = new SqliteViews(_storage.Views, _journal.Position);
        IsNew = _journal.Position == 0;
        var secrets = new EnvironmentAndFileSecrets();
        _webhook = new WebhookChannel(secrets, world);
        _pump = new DeliveryPump([_webhook, new EmailChannel(secrets, world, () => Email), new ConsoleChannel(console, world)], Attempted, clock);
        Projector = new Projector(_history, _views) { OnBroken = broken => Logging.Log.ViewsBroken(Log, broken.Message) };
        Journal = new ObservedJournal(_journal, Log, clock);
        if (_storage.Shared is { } shared)
        {
            Host = new EmbeddedHost(new TurnEngine(shared.Reader, this, options, _journal.Position, shared.Node, _journal.Speech), Journal, shared.Journal, _history, Lost, clock);
            Actors = new NodeActors(Host, peers ?? throw new ArgumentNullException(nameof(peers)), clock);
            _bell = shared.Listen(Host.Ring);
        }
        else
        {
            Host = new EmbeddedHost(new TurnEngine(_storage.Reader, this, options, new Beginning(_journal.Position, Recovery.Uncovered(_history), _journal.AfterDeath), _journal.Speech), Journal, clock);
            Actors = Host;
        }

        _ = Host.Ended.ContinueWith(_ => _left.Cancel(), TaskScheduler.Default);
        _pump.ReportTo(Actors);
        Receipts = new ReceiptBook(_history, _journal.Secrets);
        Refusals = new RefusedLedger(_journal, Log, clock, Host.Leave);
        _housekeeping = new Housekeeping(_journal, () => IsFirst, Log, clock, Host.Leave);
        _owner = new OwnerWatch(() => _storage.Check(Host), world, Host.Leave, IsNode ? LongestSilence : null);
        _log = new JournalLog(Log, Receipts, clock);
        _position = _journal.Position;
        Pages = new PageAges(clock);
        Disk = new DiskSpace(data);
        Watched = new WatchdogStatus(world);
    }

    /// <summary>The time of everything that is decided and journalled; it never goes back.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>The machine's clock, for what is compared with the time of others: credentials, signatures, what a sender says.</summary>
    public TimeProvider World { get; }

    /// <summary>How far the time of decisions is ahead of the machine's clock, because that was set back; else zero.</summary>
    public TimeSpan ClockAhead => _clock.Ahead;

    /// <summary>What this process decides.</summary>
    public EmbeddedHost Host { get; }

    /// <summary>Told when it decides nothing any more: whoever waits for it waits in vain.</summary>
    public CancellationToken Left => _left.Token;

    /// <summary>The actors, wherever they are decided for.</summary>
    public IActors Actors { get; }

    /// <summary>Whether other processes share the journal.</summary>
    public bool IsNode => _storage.Shared is not null;

    /// <summary>Whether this process does what only one of them does: the one that owns the first shard.</summary>
    public bool IsFirst => !IsNode || Host.Shards is [0, ..];

    /// <summary>Told of shards that another process has taken over; set before the start.</summary>
    public Action<IReadOnlyList<int>>? OnLost { get; set; }

    public Projector Projector { get; }

    public ReceiptBook Receipts { get; }

    public RefusedLedger Refusals { get; }

    /// <summary>The log of everything that is ours.</summary>
    public ILogger Log { get; }

    public ObservedJournal Journal { get; }

    public PageAges Pages { get; }

    public DiskSpace Disk { get; }

    /// <summary>What the watchdog's last check said.</summary>
    public WatchdogStatus Watched { get; }

    public int AttemptsUnderWay => _pump.UnderWay;

    /// <summary>The last flush's position.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Why nothing can be stored at the moment, as far as is known without trying; <see langword="null"/>: it can.</summary>
    public string? Unstorable =>
        Host.Failing ? $"flushes fail at the moment: {Journal.Failure}"
        : _owner.Failure is { } failure ? $"the journal cannot be reached: {failure}"
        : Journal.Age > Edge.Intake.MaxWait ? string.Create(CultureInfo.InvariantCulture, $"the disk has not answered for {Journal.Age.TotalSeconds:0} s")
        : _owner.Silent > Edge.Intake.MaxWait ? string.Create(CultureInfo.InvariantCulture, $"the journal has not answered for {_owner.Silent.TotalSeconds:0} s") : null;

    /// <summary>Why the server is not ready; <see langword="null"/>: it is.</summary>
    public string? Unready => Host.Ended.IsCompleted ? "stopped" : Unstorable ?? (Projector.Broken is { } broken ? $"lists are stale: {broken.Message}" : null);

    /// <summary>What people are told of where the data is.</summary>
    public string Place => _storage.Place;

    /// <summary>Whether the journal had nothing in it.</summary>
    public bool IsNew { get; }

    public IJournalHistory History => _history;

    public IIncidentViews Views => _views;

    public ILetterViews Letters => _views;

    public IWaitingViews Waiting => _views;

    public IWaitingMessages WaitingMessages => _storage.Waiting;

    /// <summary>The mail server in force; set before the start, because pages may be due at once.</summary>
    public EmailServer? Email { get; set; }

    /// <summary>Random bytes of this installation, for what must not be guessed or forged.</summary>
    public byte[] Secret => _journal.Secrets.Newest;

    /// <summary>Writes one small row, durably.</summary>
    public void ProveWritable() => _journal.ProveWritable(Time.Now(Clock));

    /// <summary>Stores when senders of heartbeats were last heard.</summary>
    public void WriteBeats(IEnumerable<BeatRow> rows) => _journal.WriteBeats(rows);

    public void ForgetBeats(IEnumerable<string> integrations) => _journal.ForgetBeats(integrations);

    public IReadOnlyList<BeatRow> Beats() => _journal.Beats();

    /// <summary>How many senders of heartbeats are silent or say that they failed, as of the last look.</summary>
    public int FiringPulses { get; set; }

    /// <summary>Copies the journal into a new file while it is written on.</summary>
    public Task CopyAsync(string to, CancellationToken cancel) => _storage.CopyAsync(to, cancel);

    public void Start()
    {
        Measure.Begin(_pump.Channels);
        Gauges.Observe(this);
        if (!IsNode)
        {
            foreach (var (page, since) in _history.OpenPages(MaxOldPages).Where(p => !TestRules.IsTest(p.Page)))
                Pages.Add(page, since);
        }

        Host.Start();
        Projector.Start();
        Refusals.Start();
        _housekeeping.Start();
        _owner.Start();
    }

    public void Attempt(PageContent page, int attempt, Origin? origin) => _pump.Attempt(page, attempt, origin);

    public void Flushed(long position, IReadOnlyList<Commit> commits)
    {
        Volatile.Write(ref _position, position);
        Measure.Flushed(commits);
        Pages.Flushed(commits);
        _log.Flushed(commits);
        Projector.Flushed(position, commits);
    }

    /// <summary>Waits until no other process brings about what a start does.</summary>
    public Task<IDisposable?> PrepareAsync(CancellationToken cancel) => _storage.PrepareAsync(cancel);

    /// <summary>How long a stop may wait for the disk.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Ends everything, once: whoever resolved it and whoever made it may both ask.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        Gauges.Forget(this);
        if (await Host.StopAsync(StopLimit) is null)
            EndInOrder();
        await _owner.DisposeAsync();
        await _pump.DisposeAsync();
        await Refusals.DisposeAsync();
        await _housekeeping.DisposeAsync();
        Projector.Dispose();
        _bell?.Dispose();
        Host.Dispose();
        _webhook.Dispose();
        _views.Dispose();
        _storage.Dispose();
    }

    // A stop that cannot be written down is a death to the next process, which then looks twice; it is still a stop.
    private void EndInOrder()
    {
        try
        {
            _journal.EndInOrder();
        }
        catch (Exception failure) when (failure is JournalFailureException or JournalBrokenException)
        {
            Logging.Log.StopNotWritten(Log, failure.Message);
        }
    }

    private void Lost(IReadOnlyList<int> shards)
    {
        Logging.Log.ShardsLost(Log, shards.Count, string.Join(", ", shards));
        OnLost?.Invoke(shards);
    }

    private void Attempted(AttemptReport report)
    {
        Measure.Attempt(report);
        _log.Attempted(report);
    }
}
