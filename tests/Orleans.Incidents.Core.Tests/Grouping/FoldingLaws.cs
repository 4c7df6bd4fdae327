using FsCheck;
using FsCheck.Fluent;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;

namespace Incidents.Core.Tests.Grouping;

/// <summary>Folding equals not folding: the same deeds in a world that folds repeats and in one that decides on every alert.</summary>
public class FoldingLaws
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(1500);

    [Fact]
    public void Totals_are_the_same() => Hold((folding, deciding, group) => Assert.Equal(deciding.Alerts(group), folding.Alerts(group)));

    [Fact]
    public void What_fires_and_when_it_ends_is_the_same() => Hold((folding, deciding, group) => Assert.Equal(Members(deciding, group), Members(folding, group)));

    [Fact]
    public void Everything_but_the_groups_own_notes_happens_the_same() => Check.One(Config, Prop.ForAll(Plays.Any, deeds =>
    {
        var (folding, deciding) = (Plays.Perform(deeds, folds: true), Plays.Perform(deeds, folds: false));
        Assert.Equal(Told(deciding), Told(folding));
    }));

    [Fact]
    public void Folding_saves_events() => Check.One(Config, Prop.ForAll(Plays.Any, deeds =>
        Plays.Groups.Sum(g => Count(Plays.Perform(deeds, folds: true), g)) <= Plays.Groups.Sum(g => Count(Plays.Perform(deeds, folds: false), g))));

    private static void Hold(Action<World, World, StreamId> law) => Check.One(Config, Prop.ForAll(Plays.Any, deeds =>
    {
        var (folding, deciding) = (Plays.Perform(deeds, folds: true), Plays.Perform(deeds, folds: false));
        foreach (var group in Plays.Groups)
            law(folding, deciding, group);
        return true;
    }));

    private static string Members(World world, StreamId group) => string.Join('\n', world.Seen(group).Members.Select(m => $"{m.Key} {m.Severity} {m.Firing} {m.Deadline}"));

    private static string Told(World world) => string.Join('\n', world.History.Where(h => h.Key.Kind != ActorKind.Group)
        .OrderBy(h => h.Key.ToString(), StringComparer.Ordinal).SelectMany(h => h.Value.Select(e => $"{h.Key} {Show.Of(e)}")));

    private static int Count(World world, StreamId group) => world.History.TryGetValue(group, out var events) ? events.Count(e => e is AlertFired or AlertsRepeated) : 0;
}
