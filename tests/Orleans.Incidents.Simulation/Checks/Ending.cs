using Incidents.Decisions;
using Incidents.Engine.Receipts;
using Incidents.Engine;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>The end of a run: every alert ends, every timer comes, every attempt is reported, and then nothing may be left over.</summary>
internal sealed class Ending(SimulatedWorld world)
{
    public void Run()
    {
        world.Douse();
        world.Journal.CommitLate();
        world.Forget();
        world.Drain();
        RestCheck.Run(world);
        Resolve();
        for (var left = 3000; world.Image.Messages.Count > 0 || !world.Channels.Idle; left--)
        {
            Must.Hold(left > 0, () => $"these never end: {string.Join(", ", world.Image.Messages.All.Take(3))}");
            while (!world.Channels.Idle)
                world.Channels.Finish(calm: true);
            world.Drain();
            if (left % 16 == 0)
                RestCheck.Run(world);
            Skip();
        }

        RestCheck.Run(world);
        Saved();
        Ended(world.Image, RestCheck.Aside(world));
        Pages(world.Image, RestCheck.Aside(world), world.Tally);
        var before = world.Image.Position;
        world.Crash();
        world.Drain();
        RestCheck.Run(world);
        world.Views.CatchUp();
        Must.Hold(world.Image.Position >= before, () => "a restart loses flushes");
        Must.Hold(world.Senders.All.All(s => s.Awaited == 0), () => $"{world.Senders.All.First(s => s.Awaited > 0).Mark} is never answered");
    }

    /// <summary>Every group and every escalation has ended.</summary>
    public static void Ended(Image image, HashSet<string> aside)
    {
        foreach (var stream in image.Of(ActorKind.Group).Where(s => !aside.Contains(s.Id.Key)))
        {
            // What a person opened again stays so until a person ends it.
            var rejoined = stream.Happened.LastOrDefault(h => h is GroupOpened or GroupReopened or GroupRejoined) is GroupRejoined;
            Must.Hold(rejoined || !((GroupState)image.StateOf(stream.Id)).Open, () => $"{stream.Id}: all its alerts ended and it is open");
        }
        foreach (var stream in image.Of(ActorKind.Incident).Where(s => !aside.Contains(s.Id.Key)))
            Must.Hold(((IncidentState)image.StateOf(stream.Id)).Escalation is not { Running: true }, () => $"{stream.Id}: its escalation stands still");
    }

    /// <summary>Every page has ended.</summary>
    public static void Pages(Image image, HashSet<string> aside, Tally tally)
    {
        foreach (var id in image.Of(ActorKind.Responder).SelectMany(r => r.Happened.OfType<ResponderPaged>()).SelectMany(p => p.Pages))
        {
            tally.Pages++;
            var page = (PageState)image.StateOf(StreamId.Page(id));
            if (aside.Contains(id))
                continue;
            Must.Hold(page.Status is PageStatus.Delivered or PageStatus.GivenUp or PageStatus.Withdrawn, () => $"page {id} is {page.Status} and nothing is under way");
        }
    }

    private void Skip()
    {
        var ahead = world.Image.Messages.All.Select(m => Time.Instant(m.Due)).Where(d => d > world.Now).ToList();
        if (ahead.Count > 0)
            world.Now = ahead.Min() + NodaTime.Duration.FromMilliseconds(1);
    }

    private void Resolve()
    {
        foreach (var stream in world.Image.Of(ActorKind.Group))
        {
            var group = (GroupState)world.Image.StateOf(stream.Id);
            foreach (var member in group.Members.Where(m => m.Firing))
                world.Senders.Resolve(stream.Id, member.Key);
        }

        world.Drain();
    }

    // Repeats are in an event or in their row within a minute of the first of them.
    private void Saved()
    {
        world.Now += NodaTime.Duration.FromMinutes(3);
        world.Drain();
        var left = Recovery.Uncovered(world.History).Where(u => u.Version == world.Image.VersionOf(u.Group)).ToList();
        Must.Hold(left.Count == 0, () => $"{left[0].Group}: {left[0].Repeats.Count} repeats are neither covered nor saved");
    }
}
