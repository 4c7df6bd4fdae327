using Incidents.Alerts;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Simulation.Checks;
using Incidents.Simulation.Store;
using NodaTime;

namespace Incidents.Simulation.World;

/// <summary>Draws what happens next from the seed, and ends a run by letting everything come to rest.</summary>
internal sealed class Scheduler(SimulatedWorld world)
{
    /// <summary>The least number of turns of a seed.</summary>
    public const int MinTurns = 200;

    private readonly Random _random = world.Random;

    /// <summary>Runs one seed and says what was hit.</summary>
    /// <exception cref="SimulationFailureException">The contract does not hold; the message names seed and moment.</exception>
    public static Tally Run(int seed, Rules rules, Action<string>? story = null)
    {
        using var world = new SimulatedWorld(seed, rules);
        var actions = 0;
        world.Image.Story = story is null ? null : [];
        try
        {
            new Scheduler(world).RunAll(ref actions);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            world.Image.Story?.ForEach(story!);
            throw new SimulationFailureException($"seed {seed}, action {actions}: {(failure is SimulationFailureException ? failure.Message : failure.ToString())}");
        }

        return world.Tally;
    }

    private void RunAll(ref int actions)
    {
        world.Person.Configure();
        world.Drain();
        var least = _random.Next(200, 500);
        while (actions < least || world.Tally.Turns + world.Engine.Turns < MinTurns)
        {
            actions++;
            Act();
        }

        new Ending(world).Run();
        world.Tally.Turns += world.Engine.Turns;
        var unseen = world.Image.DeadLetters.Count(l => l.Why.StartsWith("the process died", StringComparison.Ordinal));
        world.Tally.Hit(Fault.KeptAsideUnseen, unseen);
        world.Tally.Hit(Fault.PoisonMessage, world.Image.DeadLetters.Count - unseen);
        world.Tally.Alerts = world.Senders.All.Sum(s => s.Items.Count);
    }

    private void Act()
    {
        try
        {
            Draw();
        }
        catch (CrashException)
        {
            world.Tally.Hit(Fault.CrashAmidRelease);
            world.Crash();
        }
    }

    private void Draw()
    {
        switch (_random.Next(200))
        {
            case < 48: world.Senders.SendNew(); break;
            case < 49: world.Senders.Flood(); break;
            case < 55: world.Person.Act(); break;
            case < 56: world.Person.ActPoison(); break;
            case < 59: world.Person.ActUnderId(); break;
            case < 62: world.Person.ActAgain(); break;
            case < 66: world.Person.Look(); break;
            case < 70: world.Senders.SendTwin(); break;
            case < 105: world.Turn(_random.Next(3) == 0 ? _random.Next(1, 6) : int.MaxValue); break;
            case < 148: world.Progress(); break;
            case < 164: world.Channels.Finish(calm: false); break;
            case < 169: world.Views.Follow(); break;
            case < 170: Caches(); break;
            case < 172: Owners(); break;
            case < 184: world.Now += Duration.FromTicks(_random.Next(1, 30_000_000)); break;
            case < 187: Jump(Duration.FromTicks(_random.NextInt64(600_000_000, 18_000_000_000))); break;
            case < 189: Back(); break;
            case < 193: Crash(); break;
            case < 194: world.Light(); break;
            case < 196: DuplicateTimer(); break;
            case < 197: world.Journal.CommitLate(); break;
            default: Rest(); break;
        }
    }

    private void Owners()
    {
        switch (_random.Next(9))
        {
            case 0: world.Restart(); break;
            case < 5: world.TakeOver(); break;
            default: world.WriteAsDisplaced(); break;
        }
    }

    // All caches may go at any moment, and one may be of another version of the program.
    private void Caches()
    {
        switch (_random.Next(3))
        {
            case 0:
                world.Tally.Hit(Fault.ViewsWiped);
                world.Views.Wipe();
                break;
            case 1:
                world.Tally.Hit(Fault.SnapshotsWiped, world.Image.Snapshots.Count);
                world.Image.Snapshots.Clear();
                break;
            default:
                foreach (var (stream, kept) in world.Image.Snapshots.Take(3).ToList())
                    world.Image.Snapshots[stream] = kept with { Fold = Snapshots.FoldVersion - 1, Bytes = Snapshots.Write(ActorKinds.Initial(stream.Kind)) };
                break;
        }
    }

    private void Crash()
    {
        world.Tally.Hit(world.OutcomeWaits ? Fault.CrashBeforeComplete : world.FlushUnderWay ? Fault.CrashBeforeCommit : world.Engine.Queued > 0 ? Fault.CrashWithQueue : Fault.CrashIdle);
        world.Crash();
    }

    private void Jump(Duration by)
    {
        var (from, to) = (Time.Nanoseconds(world.Now), Time.Nanoseconds(world.Now + by));
        world.Tally.Hit(Fault.ClockForward);
        world.Tally.Hit(Fault.LateTimer, world.Image.Messages.All.Count(m => m.Due > from && m.Due < to - 1_000_000_000));
        world.Now += by;
    }

    private void Back()
    {
        world.Tally.Hit(Fault.ClockBackward);
        world.Now -= Duration.FromTicks(_random.Next(1, 50_000_000));
    }

    // A timer comes a second time, under an id of its own: state decides that it no longer matters.
    private void DuplicateTimer()
    {
        var timers = world.Image.Messages.All.Where(m => m.Lane == Lane.Inside && m.Command is ExpireAlerts or EscalateIncident or EndGroupWait or EndMute or SettleFlapping).OrderBy(m => m.Key).ToList();
        if (timers.Count == 0)
            return;
        world.Tally.Hit(Fault.DuplicateTimer);
        var twin = timers[_random.Next(timers.Count)];
        var due = Math.Max(twin.Due, Time.Nanoseconds(world.Now + Duration.FromMinutes(2)));
        var id = twin.Id.Derive(_random.Next());
        world.Image.Messages.TryAdd(twin with { Id = id, Due = due, Attempts = 0 });
    }

    private void Rest()
    {
        world.Drain();
        RestCheck.Run(world);
    }
}
