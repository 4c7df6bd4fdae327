using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Outside;

/// <summary>A command that kills every process which decides on it.</summary>
internal sealed class Lethal(SimulatedWorld world)
{
    /// <summary>In the title of an incident: its escalation is deadly.</summary>
    public const string Mark = "LETHAL";

    private readonly Dictionary<CommandId, int> _deaths = [];
    private readonly Dictionary<UInt128, Blame> _onTrial = [];

    public static bool Is(ICommand command, object state) => command is EscalateIncident && state is IncidentState { Title: { } title } && title.Contains(Mark, StringComparison.Ordinal);

    /// <summary>Dies if it is one.</summary>
    public void Meet(object state, ICommand command, CommandId id)
    {
        if (!Is(command, state))
            return;
        world.Tally.Hit(Fault.LethalTimer);
        _deaths[id] = _deaths.GetValueOrDefault(id) + 1;
        throw new CrashException();
    }

    /// <summary>The process dies, of whatever: what is on trial is blamed, rightly or not.</summary>
    public void ProcessDies(IReadOnlyCollection<MessageWork> onTrial)
    {
        // It may kill a few times without being a suspect: at first, and where the clock went back behind its time.
        Must.Hold(_deaths.Values.All(d => d <= world.Options.MaxDeaths + 4), () => $"{_deaths.MaxBy(d => d.Value).Key} kills one process after the other");
        foreach (var message in onTrial)
            _onTrial[message.Id.Value] = Blamed(message.Id.Value).Plus(alone: onTrial.Count == 1);
    }

    /// <summary>Whether a message was there so often when a process died that it had to be kept aside: at first with others, then alone.</summary>
    public bool WasThere(StoredDeadLetter letter)
    {
        var (times, alone, rejected) = (Blamed(letter.Id.Value).Times, Blamed(letter.Id.Value).Alone, world.Image.Rejections.GetValueOrDefault(letter.Id.Value));
        return times + rejected >= world.Options.MaxDeaths && alone + rejected >= world.Options.MaxDeaths - 1;
    }

    private Blame Blamed(UInt128 id) => _onTrial.GetValueOrDefault(id, new Blame(0, 0));

    private sealed record Blame(int Times, int Alone)
    {
        public Blame Plus(bool alone) => new(Times + 1, Alone + (alone ? 1 : 0));
    }
}
