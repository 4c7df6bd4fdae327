using FsCheck;
using FsCheck.Fluent;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Core.Tests.Grouping;

public class LastSeenTests
{
    [Fact]
    public void Holds_the_latest_time_of_each_place_whatever_the_order() => Prop.ForAll<(int Place, int At)[]>(Gen(), all =>
    {
        var seen = all.Aggregate(default(LastSeen), (s, m) => s.With(m.Place, At(m.At)));
        var expected = all.GroupBy(m => m.Place).OrderBy(g => g.Key).Select(g => new MemberSeen(g.Key, At(g.Max(m => m.At))));
        Assert.Equal(expected, seen.InOrder());
        Assert.All(all, m => Assert.NotNull(seen[m.Place]));
        Assert.Equal(seen.InOrder().Where(m => m.Place % 2 == 1), seen.Where(place => place % 2 == 1).InOrder());
        Assert.Null(seen[99]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Default_HoldsNothing() => Assert.Empty(default(LastSeen).InOrder());

    private static Arbitrary<(int Place, int At)[]> Gen() =>
        (from place in FsCheck.Fluent.Gen.Choose(0, 5) from at in FsCheck.Fluent.Gen.Choose(0, 9) select (place, at)).ArrayOf().ToArbitrary();

    private static Instant At(int second) => Instant.FromUnixTimeSeconds(second);
}
