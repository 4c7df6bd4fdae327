using Incidents.Engine.Embedded;
using Incidents.Engine.Turns;
using Incidents.Simulation.Checks;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Outside;

/// <summary>The edge of the process that runs now: the gate before the engine, and where work waits to be taken over.</summary>
internal sealed class Edge(SimulatedWorld world, GateOptions bounds, EngineRules rules, int share)
{
    private readonly Gate _gate = new(bounds, rules);
    private readonly Inbox _inbox = new(rules, share);
    private readonly PressureCheck _check = new(bounds);

    public bool Idle => _inbox.IsEmpty && _check.NobodyWaits;

    /// <summary>A body of so many bytes arrives, and is let in now, later or never.</summary>
    public void Offer(string identity, long bytes, Action admitted, Action refused)
    {
        if (_gate.TryEnter(identity, bytes))
        {
            _check.LetIn(identity, bytes);
            admitted();
            return;
        }

        world.Tally.Hit(Fault.FullEdge);
        var waiter = _check.Waits(identity, bytes, world.Now);
        _gate.Enter(identity, bytes, world.Now, isIn =>
        {
            _check.Decided(waiter, isIn, world.Now);
            if (isIn)
            {
                admitted();
                return;
            }

            world.Tally.Hit(Fault.RefusedAtEdge);
            refused();
        });
    }

    /// <summary>A request was answered.</summary>
    public void Leave(string identity, long bytes)
    {
        _check.Left(identity, bytes);
        _gate.Leave(identity, bytes);
    }

    public void Post(Work work)
    {
        _check.Posted(work);
        _inbox.Post(work);
    }

    /// <summary>Refuses who waited too long, and hands over what may be taken up.</summary>
    public void HandOver(TurnEngine engine)
    {
        _gate.Expire(world.Now);
        _check.NobodyWaitsTooLong(world.Now);
        _inbox.Drain(work =>
        {
            _check.HandedOver(work);
            engine.Post(work);
        });
    }
}
