using Incidents.Engine.Turns;
using Incidents.Engine.Views;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>
/// Contract lines 6, 11 and 17: whoever follows the journal skips nothing, who asks for a position sees it, and views that are
/// thrown away come back.
/// </summary>
internal sealed class ViewCheck(SimulatedWorld world, SimHistory history, EngineRules rules, int batch, int recent) : IDisposable
{
    private readonly List<(long Position, Task Shown)> _asked = [];
    private SimViews _views = new();
    private Projector? _projector;
    private int _checked;

    /// <summary>A process starts with the views that it finds.</summary>
    public void Start()
    {
        Dispose();
        _asked.Clear();
        _projector = new Projector(history, _views, rules, batch, recent);
    }

    /// <summary>The views are thrown away.</summary>
    public void Wipe()
    {
        (_views, _checked) = (new SimViews(), 0);
        Start();
    }

    /// <summary>Somebody wants to see what he was told to be at this position.</summary>
    public void Ask(long position)
    {
        _asked.Add((position, _projector!.WaitAsync(position, CancellationToken.None)));
        Answered();
    }

    /// <summary>The engine says what it flushed; without room for any of it the views read everything back.</summary>
    public void Flushed(long position, IReadOnlyList<Commit> commits)
    {
        if (recent > 0)
            _projector!.Flushed(position, commits);
    }

    /// <summary>The views go one step on.</summary>
    public void Follow()
    {
        _projector!.CatchUp();
        Answered();
        var log = world.Image.Log;
        for (; _checked < _views.Shown.Count; _checked++)
        {
            var (stream, index) = log[_checked];
            var shown = _views.Shown[_checked];
            var place = _checked > 0 && _views.Shown[_checked - 1] is var before && before.Position == shown.Position ? before.Place + 1 : 1;
            Must.Hold(ReferenceEquals(shown.Envelope, stream.Events[index]), () => $"views show {shown.Envelope.Stream} v{shown.Envelope.Version} where {stream.Id} v{index + 1} is due");
            Must.Hold(shown.Place == place && shown.Position == stream.Positions[index], () => $"views show {stream.Id} v{index + 1} at {shown.Position}.{shown.Place} and not at {stream.Positions[index]}.{place}");
        }

        if (_checked < log.Count)
        {
            var (next, place) = log[_checked];
            Must.Hold(next.Positions[place] > _views.Position, () => $"views are at {_views.Position} and skipped {next.Id} v{place + 1} of flush {next.Positions[place]}");
        }
    }

    /// <summary>At rest the views come to the end.</summary>
    public void CatchUp()
    {
        for (var left = 10_000; _views.Position < world.Image.Position; left--)
        {
            Must.Hold(left > 0, () => $"views stay at {_views.Position}, the journal is at {world.Image.Position}");
            Follow();
        }

        Must.Hold(_asked.Count == 0, () => $"nobody is shown position {_asked[0].Position}");
    }

    public void Dispose() => _projector?.Dispose();

    private void Answered()
    {
        foreach (var (position, shown) in _asked)
            Must.Hold(!shown.IsCompleted || _views.Position >= position, () => $"who asked for {position} is shown {_views.Position}");
        _asked.RemoveAll(a => a.Shown.IsCompleted);
    }
}
