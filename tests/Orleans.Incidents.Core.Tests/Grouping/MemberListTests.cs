using Incidents.Alerts;
using Incidents.Core.Tests.Decisions;
using Incidents.Grouping;

namespace Incidents.Core.Tests.Grouping;

public class MemberListTests
{
    private static readonly MemberList Three = default(MemberList).Add(Alert("a")).Add(Alert("b")).Add(Alert("c"));

    private static Member Alert(string key) => new(key, $"alert {key}", Severity.Error, true, null, null, Some.Now);

    [Fact]
    public void By_default_it_is_empty()
    {
        Assert.Empty(default(MemberList));
        Assert.Equal((0, -1), (default(MemberList).Count, default(MemberList).PlaceOf("a")));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(MemberList)[0]);
    }

    [Fact]
    public void Each_is_found_by_its_place_in_order_of_appearance_and_by_its_key()
    {
        Assert.Equal(["a", "b", "c"], Three.Select(m => m.Key));
        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, Three.Count).Select(place => Three[place].Key));
        Assert.Equal([0, 1, 2, -1], ((string[])["a", "b", "c", "d"]).Select(Three.PlaceOf));
        Assert.Throws<ArgumentOutOfRangeException>(() => Three[3]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_change_reaches_the_one_at_its_place_alone(int place) =>
        Assert.Equal(Enumerable.Range(0, 3).Where(p => p != place), Firing(Three.SetItem(place, Three[place] with { Firing = false })));

    private static IEnumerable<int> Firing(MemberList list) => Enumerable.Range(0, list.Count).Where(place => list[place].Firing);
}
