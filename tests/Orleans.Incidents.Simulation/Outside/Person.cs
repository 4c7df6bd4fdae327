using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Services;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Outside;

/// <summary>People and agents who act on incidents and look at actors.</summary>
internal sealed class Person(SimulatedWorld world, Plan plan)
{
    private readonly Random _random = world.Random;
    private int _calls;

    /// <summary>Does something to an incident, also to one that is not there.</summary>
    public void Act()
    {
        var known = world.Image.Of(ActorKind.Incident).TakeLast(6).ToList();
        var to = known.Count == 0 || _random.Next(20) == 0 ? StreamId.Incident("01NOSUCHINCIDENT") : known[_random.Next(known.Count)].Id;
        ICommand command = _random.Next(20) switch
        {
            < 6 => new AcknowledgeIncident(),
            < 11 => new ResolveIncident(),
            < 13 => new ReopenIncident(),
            < 15 => new CloseIncident(),
            < 18 => new ChangeSeverity((Severity)_random.Next(4)),
            _ => new AddNote("looked at it"),
        };
        Call(to, command, poison: false);
    }

    /// <summary>Gives a command that can never be stored, or that the actor does not know.</summary>
    public void ActPoison()
    {
        var known = world.Image.Of(ActorKind.Incident).ToList();
        if (known.Count == 0)
            return;
        world.Tally.Hit(Fault.PoisonCall);
        ICommand command = _random.Next(2) == 0 ? new AddNote(SimJournal.Poison) : new EndStorm("not for incidents");
        Call(known[_random.Next(known.Count)].Id, command, poison: true);
    }

    /// <summary>Looks at some actor.</summary>
    public void Look()
    {
        var known = world.Image.Numbered;
        var of = known.Count > 0 && _random.Next(3) > 0 ? known[_random.Next(known.Count)].Id : plan.Sources[_random.Next(plan.Sources.Count)].Group;
        world.Engine.Post(new ReadWork(of, answer =>
        {
            world.Burn();
            world.Books.Looked(of, answer);
        }));
    }

    public void Configure()
    {
        foreach (var (to, command) in Plan.Configuration())
            Call(to, command, poison: false, Caller.Config);
    }

    private void Call(StreamId to, ICommand command, bool poison, Caller? by = null)
    {
        by ??= Plan.People[_random.Next(Plan.People.Length)];
        var answered = false;
        world.Engine.Post(new CallWork(CommandId.Of($"call {_calls++}"), to, by, command, answer =>
        {
            world.Burn();
            Must.Hold(!answered, () => $"{command.GetType().Name} to {to} is answered twice");
            answered = true;
            Must.Hold(poison || answer.Reason != Reason.Unstorable, () => $"{command.GetType().Name} to {to} fails for the poison of another");
            world.Books.Called(to, answer);
        }));
    }
}
