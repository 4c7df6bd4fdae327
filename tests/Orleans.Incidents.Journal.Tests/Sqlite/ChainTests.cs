using Incidents.Alerts;
using Incidents.Engine.Turns;

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
        while (engine.InChain)
            engine.Step(Desk.Now, turns: 1);

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

    public void Dispose() => _desk.Dispose();
}
