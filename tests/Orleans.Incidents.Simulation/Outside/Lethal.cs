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
    private readonly Dictionary<UInt128, int> _onTrial = [];

    public static bool Is(ICommand command, object state) => command is EscalateIncident && state is IncidentState { Title: { } title } && title.Contains(Mark, StringComparison.Ordinal);

    /// <summary>Dies if it is one.</summary>
    public void Meet(object state, ICommand command, CommandId id)
    {
        if (!Is(command, state))
            return;
        world.Tally.Hit(Fault.LethalTimer);
        var deaths = _deaths[id] = _deaths.GetValueOrDefault(id) + 1;

        // It may kill a few times without being a suspect: at first, and where the clock went back behind its time.
        Must.Hold(deaths <= world.Options.MaxDeaths + 4, () => $"{command} {id} kills one process after the other");
        throw new CrashException();
    }

    /// <summary>The process dies, of whatever: what is on trial is blamed, rightly or not.</summary>
    public void ProcessDies(IEnumerable<MessageWork> onTrial)
    {
        foreach (var message in onTrial)
            _onTrial[message.Id.Value] = _onTrial.GetValueOrDefault(message.Id.Value) + 1;
    }

    /// <summary>Whether a message was there so often when a process died that it had to be kept aside.</summary>
    public bool WasThere(StoredDeadLetter letter) =>
        _onTrial.GetValueOrDefault(letter.Id.Value) + world.Image.Rejections.GetValueOrDefault(letter.Id.Value) >= world.Options.MaxDeaths;
}
