using System.Collections.Immutable;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>
/// Contract lines 2, 9 and 14, whenever a flush is sealed: the same command on the same state decides the same and makes things
/// under the same ids, timers run under the engine, and all that is queued is finished and fits.
/// </summary>
internal sealed class DecisionCheck(Image image, EngineOptions options)
{
    private readonly Dictionary<UInt128, List<UInt128>> _made = [];

    public void Sealed(Flush flush)
    {
        var states = new Dictionary<StreamId, object>();
        foreach (var commit in flush.Commits)
        {
            var before = states.GetValueOrDefault(commit.Slot.Stream) ?? image.StateOf(commit.Slot.Stream, commit.Expected);
            Fits(commit);
            if (commit is { Events.Count: > 0, Work: MessageWork or CallWork })
                Again(commit, before);
            if (commit is { Made.Count: > 0, Work: MessageWork or CallWork })
                SameIds(commit);
            states[commit.Slot.Stream] = commit.Happened.Aggregate(before, (state, happened) => ActorKinds.Evolve(commit.Slot.Stream.Kind, state, happened));
        }
    }

    private static void Again(Commit commit, object state)
    {
        var (id, by, command) = commit.Work is MessageWork m ? (m.Id, m.AtOnce ? m.By : m.By.WhenDue(), m.Command) : Of((CallWork)commit.Work);
        IEnumerable<IEvent> happened = commit.Happened;
        if (commit.Happened[0] is AlertsRepeated repeated)
            (state, happened) = (GroupState.Evolve((GroupState)state, repeated), happened.Skip(1));
        var now = Engine.Time.Instant(commit.Events[0].Time);
        var again = ActorKinds.Decide(commit.Slot.Stream, state, command, new TurnInput(now, by, id));
        Must.Hold(Picture.Of(again.Events) == Picture.Of(happened.ToImmutableArray()), () => $"{command} decides otherwise when it is decided again: {Picture.Of(again.Events)}, not {Picture.Of(commit.Happened)}");
        foreach (var envelope in commit.Events.Where(e => e.Type != "group.alerts-repeated"))
            Must.Hold((envelope.Actor, envelope.OnBehalfOf) == (by.Id, by.OnBehalfOf), () => $"{command} is recorded under {envelope.Actor} for {envelope.OnBehalfOf}, it is of {by}");
    }

    private static (CommandId Id, Caller By, ICommand Command) Of(CallWork call) => (call.Id, call.By, call.Command);

    private void Fits(Commit commit)
    {
        var largest = commit.Events.Select(e => e.Payload.Length).Concat(commit.Made.Select(m => m.Payload.Length)).DefaultIfEmpty().Max();
        Must.Hold(largest <= options.MaxPayload, () => $"{largest} bytes are queued as one, {options.MaxPayload} are allowed");
    }

    private void SameIds(Commit commit)
    {
        var id = commit.Work is MessageWork m ? m.Id : ((CallWork)commit.Work).Id;
        var ids = commit.Made.Select(x => x.Id.Value).ToList();
        if (_made.TryGetValue(id.Value, out var before))
            Must.Hold(ids.Zip(before).All(z => z.First == z.Second), () => $"command {id} ran again and made messages under other ids");
        else
            _made.Add(id.Value, ids);
    }
}
