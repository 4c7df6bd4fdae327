using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Journal.Tests.Sqlite;

/// <summary>A host decides in slices, so that the disk begins before everything is decided: a problem and its page stay together.</summary>
public sealed class ChainTests : IDisposable
{
    private readonly Desk _desk = new();

    [Fact]
    public void A_slice_ends_behind_a_whole_problem()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "first", ("disk", Severity.Critical));
        Desk.Alert(engine, "second", ("fan", Severity.Critical));

        engine.Step(Desk.Now, turns: 1);
        Assert.True(engine.InChain);
        engine.Follow(Desk.Now);

        Assert.False(engine.InChain);
        Assert.True(engine.CanStep);
        var flush = engine.Seal(Desk.Now)!;
        Assert.Equal(["group", "service", "incident", "responder"], flush.Commits.Where(c => c.Events.Count > 0).Select(c => c.Slot.Stream.Kind.ToString().ToLowerInvariant()));
        Assert.DoesNotContain(flush.ToStore([]), m => m.AtOnce);
    }

    [Fact]
    public void Cut_in_the_middle_of_a_problem_the_rest_waits_on_the_disk()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "first", ("disk", Severity.Critical));

        engine.Step(Desk.Now, turns: 2);

        Assert.Contains(engine.Seal(Desk.Now)!.ToStore([]), m => m.AtOnce);
    }

    [Fact]
    public void Nothing_waits_when_everything_is_decided()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "first", ("disk", Severity.Critical));

        engine.Step(Desk.Now);

        Assert.False(engine.InChain);
        Assert.False(engine.CanStep);
    }

    // Twelve seconds without a flush and a read for each of them, where a database away had ten thousand timers due at once.
    [Fact]
    public void However_many_timers_are_due_the_next_flush_begins_soon_and_people_and_senders_are_heard()
    {
        const int Timers = 1000;
        var before = _desk.Configured();
        for (var i = 0; i < Timers; i++)
            Desk.Alert(before, $"r{i}", Duration.FromMinutes(1), ($"g{i}", Severity.Critical));
        _desk.Commit(before);
        var reader = new CountingReader(_desk.Reader());
        var engine = new TurnEngine(reader, _desk, new EngineOptions(), new Beginning(_desk.Journal.Position, [], AfterDeath: false), _desk.Journal.Speech);
        var later = Desk.Now + Duration.FromMinutes(2);

        engine.Advance(later);
        _desk.Call(engine, StreamId.Responder("ada"), new ConfigureResponder(new ResponderDefinition("ada", "Ada", [])));
        Desk.Alert(engine, "first", ("new", Severity.Critical));
        Desk.Alert(engine, "second", ("newer", Severity.Critical));
        var flushes = new List<Flush>();
        while (engine.CanStep)
        {
            engine.Step(later, turns: 128);
            engine.Follow(later);
            flushes.Add(engine.Seal(later)!);
            engine.Complete(_desk.Journal.Commit(flushes[^1]), later);
            engine.Advance(later);
        }

        Assert.Equal(Timers, flushes.SelectMany(f => f.Commits).Count(c => c.Work is MessageWork { Command: EndGroupWait }));
        Assert.All(flushes, f => Assert.InRange(f.Commits.Count(c => c.Work is MessageWork { Command: EndGroupWait }), 0, 128));
        Assert.InRange(flushes.FindIndex(f => f.Commits.Any(c => c.Work is CallWork)), 0, 2);
        Assert.Equal([1, 1], flushes.Take(2).Select(f => f.Requests.Count));
        Assert.InRange(reader.Loads, 1, flushes.Count * 3);
    }

    [Fact]
    public void Repeats_that_the_process_before_did_not_save_are_read_together()
    {
        (string, Severity)[] alerts = [.. Enumerable.Range(0, 200).Select(i => ($"g{i}", Severity.Critical))];
        var before = _desk.Configured();
        for (var i = 0; i < 10; i++)
        {
            Desk.Alert(before, $"r{i}", alerts);
            _desk.Commit(before);
        }

        var reader = new CountingReader(_desk.Reader());
        var engine = new TurnEngine(reader, _desk, new EngineOptions { CoverShare = 0 }, new Beginning(_desk.Journal.Position, Recovery.Uncovered(_desk.History), AfterDeath: false), _desk.Journal.Speech);

        engine.Advance(Desk.Now + Duration.FromMinutes(2));

        Assert.Equal((200, 1), (engine.Queued, reader.Loads));
    }

    public void Dispose() => _desk.Dispose();

    private sealed class CountingReader(IJournalReader reader) : IJournalReader
    {
        public int Loads { get; private set; }

        public IReadOnlyList<StreamImage> Load(IReadOnlyList<StreamId> streams)
        {
            Loads++;
            return reader.Load(streams);
        }

        public IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit) => reader.Due(lane, after, through, limit);

        public RequestAnswer? FindRequest(CommandId key) => reader.FindRequest(key);
    }
}
