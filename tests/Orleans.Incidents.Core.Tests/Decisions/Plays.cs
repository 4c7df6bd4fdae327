using FsCheck;
using FsCheck.Fluent;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Routing.Intervals;
using NodaTime;

namespace Incidents.Core.Tests.Decisions;

/// <summary>One thing that somebody does to the world.</summary>
/// <param name="What">Which.</param>
/// <param name="Group">Which group, or which incident in order of their ids.</param>
/// <param name="Key">The alert.</param>
/// <param name="Severity">For triggers and severity changes.</param>
/// <param name="Minutes">The alert's time-out, or how much time passes.</param>
/// <param name="Hasty">Whether the next thing comes before anything was decided.</param>
public sealed record Deed(Doing What, int Group, string Key, Severity? Severity, int Minutes, bool Hasty)
{
    public override string ToString() => $"{What} {Group}{Key} {Severity} {Minutes}{(Hasty ? "!" : "")}";
}

public enum Doing
{
    Trigger,
    Resolve,
    AcknowledgeAtSource,
    PassTime,
    AcknowledgeByPerson,
    ResolveByPerson,
    ReopenByPerson,
    CloseByPerson,
    ChangeSeverity,
    Note,
}

/// <summary>Generated rows of deeds, and what performing them means.</summary>
internal static class Plays
{
    public static readonly StreamId[] Groups = [.. Enumerable.Range(0, 11).Select(n => StreamId.GroupByLabels("shop", (ulong)n))];

    // At once, with a window, with a wait, with both, to a service that the catalogue does not have; some that soon flap, some that open late, and some that are mute for a third of each hour.
    private static readonly GroupTarget[] Targets =
    [
        Some.Target,
        Some.Target with { ReopenWindow = Duration.FromMinutes(10) },
        Some.Target with { Wait = Duration.FromSeconds(30) },
        Some.Target with { Wait = Duration.FromSeconds(30), ReopenWindow = Duration.FromMinutes(10) },
        Some.Target with { Service = "gone" },
        Some.Target with { Flap = new FlapRule(2, Duration.FromMinutes(10)) },
        Some.Target with { Flap = new FlapRule(3, Duration.FromMinutes(30)), ReopenWindow = Duration.FromMinutes(10) },
        Some.Target with { Threshold = new OpeningThreshold(3, Duration.FromMinutes(10), Severity.Critical) },
        Some.Target with { Threshold = new OpeningThreshold(2, Duration.FromMinutes(30), Severity.Error), Wait = Duration.FromSeconds(30), Flap = new FlapRule(2, Duration.FromMinutes(30)) },
        Some.Target with { Mutes = Hourly, ReopenWindow = Duration.FromMinutes(10) },
        Some.Target with { Mutes = Hourly, Wait = Duration.FromSeconds(30), Threshold = new OpeningThreshold(2, Duration.FromMinutes(30), Severity.Error), Flap = new FlapRule(2, Duration.FromMinutes(30)) },
    ];

    private static MuteSchedule Hourly => new([new("third", [new TimeInterval { Times = [.. Enumerable.Range(0, 24).Select(h => new MinuteRange((h * 60) + 20, (h * 60) + 40))] }])], []);

    public static Arbitrary<Deed[]> Any { get; } = Arb.From(Deeds().ArrayOf(40), Shorter);

    public static World Perform(Deed[] deeds, bool folds = true, Action<World>? atRest = null)
    {
        var world = new World(folds).Configured(Some.Service(burst: 2, reserve: 1));
        foreach (var deed in deeds)
        {
            Perform(world, deed);
            if (deed.Hasty)
                continue;
            world.Run();
            atRest?.Invoke(world);
        }

        world.Run();
        atRest?.Invoke(world);
        return world;
    }

    private static void Perform(World world, Deed deed)
    {
        switch (deed.What)
        {
            case Doing.PassTime:
                world.Run();
                world.Pass(Duration.FromMinutes(deed.Minutes));
                break;
            case Doing.Trigger or Doing.Resolve or Doing.AcknowledgeAtSource:
                var alert = Some.Alert(deed.Key, deed.Severity, (AlertAction)Array.IndexOf([Doing.Trigger, Doing.AcknowledgeAtSource, Doing.Resolve], deed.What),
                    deed.Minutes > 10 ? null : deed.Minutes);
                world.Post(Groups[deed.Group], new Signal(alert, Targets[deed.Group]), Some.Monitoring);
                break;
            default:
                var ids = world.Incidents.Select(i => i.Id).Order(StringComparer.Ordinal).ToList();
                if (ids.Count > 0)
                    world.Post(StreamId.Incident(ids[^(1 + (deed.Group % ids.Count))]), Command(deed), Some.Alice);
                break;
        }
    }

    private static IEnumerable<Deed[]> Shorter(Deed[] deeds)
    {
        for (var size = deeds.Length / 2; size > 0; size /= 2)
        {
            for (var from = 0; from + size <= deeds.Length; from += size)
                yield return [.. deeds[..from], .. deeds[(from + size)..]];
        }
    }

    private static ICommand Command(Deed deed) => deed.What switch
    {
        Doing.AcknowledgeByPerson => new AcknowledgeIncident(),
        Doing.ResolveByPerson => new ResolveIncident(),
        Doing.ReopenByPerson => new ReopenIncident(),
        Doing.CloseByPerson => new CloseIncident(),
        Doing.Note => new AddNote("looking"),
        _ => new ChangeSeverity(deed.Severity ?? Severity.Error),
    };

    // Time-outs differ by more than a quarter or not at all: a repeat with a slightly shorter one may end a little late.
    private static Gen<Deed> Deeds() =>
        from what in Gen.Frequency(
            (12, Gen.Constant(Doing.Trigger)), (6, Gen.Constant(Doing.Resolve)), (2, Gen.Constant(Doing.AcknowledgeAtSource)), (5, Gen.Constant(Doing.PassTime)),
            (2, Gen.Constant(Doing.AcknowledgeByPerson)), (2, Gen.Constant(Doing.ResolveByPerson)), (2, Gen.Constant(Doing.ReopenByPerson)),
            (1, Gen.Constant(Doing.CloseByPerson)), (1, Gen.Constant(Doing.ChangeSeverity)),
            (1, Gen.Constant(Doing.Note)))
        from @group in Gen.Choose(0, Groups.Length - 1)
        from key in Gen.Elements("a", "b", "c")
        from severity in Gen.Elements<Severity?>(Severity.Critical, Severity.Error, Severity.Warning, Severity.Info, null)
        from minutes in Gen.Elements(2, 5, 10, 30, 90)
        from hasty in Gen.Elements(true, false, false)
        select new Deed(what, @group, key, severity, minutes, hasty);
}
