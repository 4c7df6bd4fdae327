using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Core.Tests.Grouping;

public class FoldingTests
{
    private static GroupState Open(AlertSeen first) =>
        GroupState.Evolve(GroupState.Initial, new GroupOpened("shop", Some.Labels, Some.Incident, false, first, Some.Now, null));

    private static int PlaceOf(GroupState group, Alert alert) => Folding.PlaceOfRepeat(group, new Signal(alert, Some.Target), Some.Now);

    [Fact]
    public void PlaceOfRepeat_SameAlert_ItsPlace() => Assert.Equal(0, PlaceOf(Open(Some.Seen()), Some.Alert()));

    [Fact]
    public void PlaceOfRepeat_OtherWords_StillARepeat() => Assert.Equal(0, PlaceOf(Open(Some.Seen()), Some.Alert() with { Title = "other words" }));

    [Theory]
    [InlineData("b", Severity.Critical, AlertAction.Trigger)]
    [InlineData("a", Severity.Error, AlertAction.Trigger)]
    [InlineData("a", null, AlertAction.Trigger)]
    [InlineData("a", Severity.Critical, AlertAction.Resolve)]
    [InlineData("a", Severity.Critical, AlertAction.Acknowledge)]
    public void PlaceOfRepeat_WhatARuleReadsDiffers_None(string key, Severity? severity, AlertAction action) =>
        Assert.Equal(-1, PlaceOf(Open(Some.Seen()), Some.Alert(key, severity, action)));

    [Fact]
    public void PlaceOfRepeat_QuietGroupOrEndedAlert_None()
    {
        var ended = GroupState.Evolve(Open(Some.Seen()), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now));
        Assert.Equal(-1, PlaceOf(ended, Some.Alert()));
        Assert.Equal(-1, PlaceOf(GroupState.Evolve(Open(Some.Seen()), new GroupEnded(Some.Now)), Some.Alert()));
    }

    [Fact]
    public void PlaceOfRepeat_AnotherBeginning_None()
    {
        var group = Open(Some.Seen() with { StartedAt = Some.Now });
        Assert.Equal(-1, PlaceOf(group, Some.Alert() with { StartedAt = Some.In(1) }));
        Assert.Equal(0, PlaceOf(group, Some.Alert()));
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(45, 0)]
    [InlineData(44, -1)]
    [InlineData(61, -1)]
    [InlineData(null, -1)]
    public void PlaceOfRepeat_TimeOut_FoldsWhenNeverEndedEarlyAndAQuarterLateAtMost(int? minutes, int expected) =>
        Assert.Equal(expected, PlaceOf(Open(Some.Seen(expires: 60)), Some.Alert(expires: minutes)));

    [Fact]
    public void Repeats_CountEveryOneAndKeepTheLatestTimeOfWatchedMembers()
    {
        var group = Open(Some.Seen(expires: 5));
        var repeats = Repeats.First("monitoring", group.Members[0], 0, Some.In(2)).Add(group.Members[0], 0, Some.In(1));
        var covered = repeats.ToEvent(Some.Incident);
        Assert.Equal(Show.Of(new AlertsRepeated(Some.Incident, 2, [new MemberSeen(0, Some.In(2))])), Show.Of(covered));
        var after = GroupState.Evolve(group, covered);
        Assert.Equal((2, Some.In(7)), (after.Repeats, after.Members[0].Deadline));
    }

    [Fact]
    public void Repeats_OfAnUnwatchedMember_CarryNoTimes() =>
        Assert.Empty(Repeats.First("monitoring", Open(Some.Seen()).Members[0], 0, Some.In(2)).ToEvent(Some.Incident).Members);

    [Fact]
    public void Watched_OfTwoMembersWithTimes_KeepsThoseOfTheOneThatIsWatched()
    {
        var group = GroupState.Evolve(Open(Some.Seen(expires: 5)), new AlertFired(Some.Incident, Some.Seen("b"), Some.Now, Some.In(5)));
        var repeats = new Repeats("monitoring", 2, Some.In(1), default(LastSeen).With(0, Some.In(1)).With(1, Some.In(2))).Watched(group);
        Assert.Equal([new MemberSeen(0, Some.In(1))], repeats.Seen.InOrder());
    }
}
