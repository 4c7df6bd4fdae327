using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>Contract lines 15 and 16: what is more urgent runs first, and what is due is taken up.</summary>
internal sealed class TurnCheck(SimulatedWorld world)
{
    private const int OneIn = 32;
    private const int Steps = 40;
    private const int Endless = 20_000;

    private int _turns;

    /// <summary>Runs turns, looking closely at the first of one run in several.</summary>
    public void Step(int budget)
    {
        if (_turns++ % OneIn == 0)
        {
            for (var left = Steps; budget > 0 && left > 0 && world.Engine.HasWork; left--, budget--)
                StepOne();
        }

        if (budget <= 0)
            return;
        var before = world.Engine.Turns;
        world.Engine.Step(world.Now, Math.Min(budget, Endless));
        Must.Hold(world.Engine.Turns - before < Endless, () => $"turns follow turns without an end: {string.Join(", ", world.Engine.Ready.OfType<MessageWork>().Take(3).Select(m => $"{m.Command} to {m.To}"))}");
    }

    /// <summary>After all turns that can run, no message that is due is unknown.</summary>
    public void NothingIsLate()
    {
        HashSet<UInt128>? known = null;
        foreach (var due in world.Image.Messages.Due(Lane.Inside, Engine.Time.Nanoseconds(world.Now)))
        {
            known ??= Known();
            Must.Hold(known.Contains(due.Id.Value), () => $"{due} is due at {world.Now} and nobody knows");
        }
    }

    private void StepOne()
    {
        var before = world.Engine.Ready.ToList();
        var held = world.Engine.Suspects.Any(s => s.AtOnce);
        world.Engine.Step(world.Now, 1);
        var after = world.Engine.Ready.ToHashSet();
        if (before.Find(w => !after.Contains(w)) is not { } ran)
            return;
        var passed = before.Find(w => Urgency(w) < Urgency(ran) && !(held && w is MessageWork { AtOnce: true }));
        Must.Hold(passed is null, () => $"{ran.GetType().Name} runs before {passed!.GetType().Name}");
    }

    private HashSet<UInt128> Known() =>
    [
        .. world.Engine.Unflushed.Select(e => e.Work).Concat(world.Engine.Ready).Concat(world.Engine.Suspects).OfType<MessageWork>().Select(m => m.Id.Value),
    ];

    private static int Urgency(Work work) => work switch
    {
        RequestWork => 2,
        MessageWork { AtOnce: true } => 1,
        _ => 0,
    };
}
