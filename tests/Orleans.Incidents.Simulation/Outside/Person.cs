using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Services;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Outside;

/// <summary>A command that somebody gave.</summary>
/// <param name="Keyed">Whether under an id of his own, so that he may give it again.</param>
/// <param name="Poison">Whether it can never be done.</param>
internal sealed record Asked(CommandId Id, StreamId To, Caller By, ICommand Command, bool Keyed, bool Poison)
{
    /// <summary>How many answers are still to come from the process that runs now.</summary>
    public int Awaited { get; set; }

    /// <summary>Whether it was answered as done.</summary>
    public bool Done { get; set; }
}

/// <summary>People and agents who act on incidents and look at actors.</summary>
internal sealed class Person(SimulatedWorld world, Plan plan)
{
    private readonly Random _random = world.Random;
    private readonly List<Asked> _keyed = [];
    private int _calls;

    /// <summary>What was asked under ids of the askers' own.</summary>
    public IReadOnlyList<Asked> Keyed => _keyed;

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
        Ask(to, command, keyed: false, poison: false);
    }

    /// <summary>Writes something down under an id of his own, so that it may be given again.</summary>
    public void ActUnderId()
    {
        var known = world.Image.Of(ActorKind.Incident).ToList();
        if (known.Count == 0)
            return;
        var poison = _random.Next(12) == 0;
        ICommand command = !poison ? new AddNote($"note {_calls}") : _random.Next(2) == 0 ? new AddNote(SimJournal.Poison) : new EndStorm("not for incidents");
        Ask(known[_random.Next(known.Count)].Id, command, keyed: true, poison);
    }

    /// <summary>The same command under the same id again, whether or not it was answered.</summary>
    public void ActAgain()
    {
        if (_keyed.Count == 0)
            return;
        world.Tally.Hit(Fault.TwinCall);
        Post(_keyed[_random.Next(Math.Max(0, _keyed.Count - 8), _keyed.Count)]);
    }

    /// <summary>Gives a command that can never be stored, or that the actor does not know.</summary>
    public void ActPoison()
    {
        var known = world.Image.Of(ActorKind.Incident).ToList();
        if (known.Count == 0)
            return;
        world.Tally.Hit(Fault.PoisonCall);
        ICommand command = _random.Next(2) == 0 ? new AddNote(SimJournal.Poison) : new EndStorm("not for incidents");
        Ask(known[_random.Next(known.Count)].Id, command, keyed: false, poison: true);
    }

    /// <summary>Looks at some actor.</summary>
    public void Look()
    {
        var known = world.Image.Numbered;
        var of = known.Count > 0 && _random.Next(3) > 0 ? known[_random.Next(known.Count)].Id : plan.Sources[_random.Next(plan.Sources.Count)].Group;
        world.Edge.Post(new ReadWork(of, answer =>
        {
            world.Burn();
            world.Books.Looked(of, answer);
        }));
    }

    public void Configure()
    {
        foreach (var (to, command) in Plan.Configuration())
            Post(new Asked(CommandId.Of($"call {_calls++}"), to, Caller.Config, command, Keyed: false, Poison: false));
    }

    /// <summary>The process is gone: what was asked under an id and not answered is asked again.</summary>
    public void ProcessDied()
    {
        foreach (var asked in _keyed.Where(a => a.Awaited > 0).ToList())
        {
            asked.Awaited = 0;
            world.Tally.Hit(Fault.RepeatedCall);
            Post(asked);
        }
    }

    private void Ask(StreamId to, ICommand command, bool keyed, bool poison)
    {
        var asked = new Asked(CommandId.Of($"call {_calls++}"), to, Plan.People[_random.Next(Plan.People.Length)], command, keyed, poison);
        if (keyed)
            _keyed.Add(asked);
        Post(asked);
    }

    private void Post(Asked asked)
    {
        asked.Awaited++;
        var answered = false;
        world.Edge.Post(new CallWork(asked.Id, asked.To, asked.By, asked.Command, answer =>
        {
            world.Burn();
            Must.Hold(!answered, () => $"{asked.Command} to {asked.To} is answered twice");
            answered = true;
            asked.Awaited--;
            world.Books.Called(asked, answer);
        }) { Remembered = asked.Keyed });
    }
}
