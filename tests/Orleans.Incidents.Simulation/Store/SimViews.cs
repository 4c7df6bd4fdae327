using Incidents.Engine;
using Incidents.Engine.Views;
using Incidents.Incidents;

namespace Incidents.Simulation.Store;

/// <summary>Views of the plainest kind: they keep which events they were shown, in order.</summary>
internal sealed class SimViews : IIncidentViews
{
    public long Position { get; private set; }

    public List<StoredEvent> Shown { get; } = [];

    public void Apply(IReadOnlyList<StoredEvent> events, long position)
    {
        Shown.AddRange(events);
        Position = position;
    }

    public IReadOnlyList<IncidentRow> List(IncidentFilter filter) => [];

    public IReadOnlyDictionary<IncidentStatus, long> Count() => new Dictionary<IncidentStatus, long>();

    public IViewsDraft Draft() => throw new InvalidOperationException("simulated views are thrown away and not made anew beside themselves");
}
