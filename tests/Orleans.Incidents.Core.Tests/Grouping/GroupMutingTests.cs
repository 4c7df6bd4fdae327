using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Routing.Intervals;
using Incidents.Services;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Grouping;

/// <summary>Around noon, when <see cref="Some.Now"/> is, the route is mute for half an hour.</summary>
public class GroupMutingTests
{
    private static readonly GroupTarget Muted = Some.Target with { Mutes = Daily(720, 750) };
    private static readonly GroupTarget MutedForAnHour = Some.Target with { Mutes = Daily(720, 780) };
    private static readonly Mute Noon = new("interval noon", Some.In(30));
    private static readonly GroupOpened Opened = new("shop", Some.Labels, Some.Incident, true, Some.Seen(), Some.Now, null);
    private static readonly Message Ask = new(StreamId.Service("shop"), new AdmitProblem(Some.Group, 1, Some.Incident, "alert a", Severity.Critical, Some.Labels));

    private static readonly Message Reopen = new(StreamId.Incident("before"), new ReopenBySource(Some.Group, 2, Severity.Critical, "alert a"));

    private static MuteSchedule Daily(int start, int end) => new([new("noon", [new TimeInterval { Times = [new(start, end)] }])], []);

    private static Message Timer(int minute) => new(Some.Group, new EndMute(Some.Incident, Some.In(minute)), Some.In(minute));

    private static Scenario Held() => Given(Some.Group, Opened, new GroupMuted(Noon));

    private static AlertFired Fired(int minute, string key = "a") => new(Some.Incident, Some.Seen(key), Some.In(minute), null);

    [Fact]
    public void A_muted_alert_opens_no_incident_and_arms_the_end_of_the_mute() =>
        Given(Some.Group).When(Some.Trigger(target: Muted)).Then(Reason.MutedByInterval, [Opened, new GroupMuted(Noon)], [Timer(30)]);

    [Fact]
    public void When_the_mute_is_over_the_incident_is_asked_for_with_what_fires_then()
    {
        var state = Held().When(new EndMute(Some.Incident, Some.In(30)), Some.In(30)).Then(Reason.MuteOver, [new MuteEnded(Severity.Critical)], [Ask]).State<GroupState>();
        Assert.Equal((true, false, (Mute?)null), (state.Open, state.Waiting, state.Muted));
    }

    [Fact]
    public void What_ends_inside_the_mute_ends_silently_and_the_timer_finds_nothing() =>
        Held().When(Some.Resolve(), Some.In(5)).Then(Reason.ResolvedBySource, [new AlertsEnded([0], Reason.ResolvedBySource, Some.In(5)), new GroupEnded(Some.In(5))])
            .When(new EndMute(Some.Incident, Some.In(30)), Some.In(30)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_timer_of_another_arming_or_another_incident_does_nothing()
    {
        Held().When(new EndMute(Some.Incident, Some.In(20)), Some.In(20)).ThenNothing(Reason.GroupTimerLate);
        Held().When(new EndMute("another", Some.In(30)), Some.In(30)).ThenNothing(Reason.GroupTimerLate);
    }

    [Fact]
    public void A_timer_that_comes_twice_asks_once() =>
        Held().When(new EndMute(Some.Incident, Some.In(30)), Some.In(30)).And().When(new EndMute(Some.Incident, Some.In(30)), Some.In(31)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_further_alert_joins_silently() =>
        Held().When(Some.Trigger("b", target: Muted), Some.In(5)).Then(Reason.MutedByInterval, [Fired(5, "b")]);

    [Theory]
    [InlineData(10, 0)]
    [InlineData(29, 0)]
    [InlineData(30, -1)]
    public void A_repeat_folds_until_the_mute_is_over(int minute, int expected) =>
        Assert.Equal(expected, Folding.PlaceOfRepeat(Held().State<GroupState>(), Some.Trigger(target: Muted), Some.In(minute)));

    [Fact]
    public void A_repeat_that_comes_before_its_late_timer_asks_and_the_timer_does_not() =>
        Held().When(Some.Trigger(target: Muted), Some.In(31)).Then(Reason.MuteOver, [Fired(31), new MuteEnded(Severity.Critical)], [Ask])
            .When(new EndMute(Some.Incident, Some.In(30)), Some.In(31)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_mute_that_a_changed_configuration_lifts_is_over_at_the_next_repeat()
    {
        Assert.Equal(-1, Folding.PlaceOfRepeat(Held().State<GroupState>(), Some.Trigger(), Some.In(5)));
        Held().When(Some.Trigger(), Some.In(5)).Then(Reason.MuteOver, [Fired(5), new MuteEnded(Severity.Critical)], [Ask]);
    }

    [Fact]
    public void A_mute_that_a_changed_configuration_prolongs_moves_its_timer_at_the_next_repeat()
    {
        Assert.Equal(-1, Folding.PlaceOfRepeat(Held().State<GroupState>(), Some.Trigger(target: MutedForAnHour), Some.In(5)));
        var moved = Held().When(Some.Trigger(target: MutedForAnHour), Some.In(5)).Then(Reason.MutedByInterval, [Fired(5), new GroupMuted(Noon with { Until = Some.In(60) })], [Timer(60)]);
        Assert.Equal(0, Folding.PlaceOfRepeat(moved.State<GroupState>(), Some.Trigger(target: MutedForAnHour), Some.In(6)));
        moved.When(new EndMute(Some.Incident, Some.In(30)), Some.In(30)).ThenNothing(Reason.GroupTimerLate);
    }

    [Theory]
    [InlineData(720, 780, 57)]
    [InlineData(740, 780, 20)]
    public void A_changed_mute_holds_whether_it_is_mute_now_or_when_the_wait_is_over(int start, int end, int wait) =>
        Held().When(Some.Trigger(target: Some.Target with { Mutes = Daily(start, end), Wait = Duration.FromMinutes(wait) }), Some.In(5))
            .Then(Reason.MutedByInterval, [Fired(5), new GroupMuted(Noon with { Until = Some.In(60) })], [Timer(60)]);

    [Fact]
    public void Of_two_mutes_the_one_of_now_counts_before_the_one_when_the_wait_is_over()
    {
        var twice = new MuteSchedule([new("noon", [new TimeInterval { Times = [new(720, 755), new(770, 780)] }])], []);
        Held().When(Some.Trigger(target: Some.Target with { Mutes = twice, Wait = Duration.FromMinutes(50) }), Some.In(5))
            .Then(Reason.MutedByInterval, [Fired(5), new GroupMuted(Noon with { Until = Some.In(35) })], [Timer(35)]);
    }

    [Fact]
    public void A_mute_that_never_ends_has_a_timer_that_does_nothing() =>
        Given(Some.Group).When(Some.Trigger(target: Some.Target with { Mutes = new([], [new("office", [])]) }))
            .Then(Reason.MutedByInterval, [Opened, new GroupMuted(new("being outside of interval office", null))],
                [new(Some.Group, new EndMute(Some.Incident, Some.Now + MuteSchedule.Horizon), Some.Now + MuteSchedule.Horizon)])
            .When(new EndMute(Some.Incident, Some.Now + MuteSchedule.Horizon), Some.Now + MuteSchedule.Horizon).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_mute_that_a_changed_catalogue_ends_sooner_has_its_timer_moved_without_a_signal() =>
        Held().When(new LearnMute(Some.Target with { Mutes = Daily(720, 740) }), Some.In(5)).Then(Reason.MutedByInterval, [new GroupMuted(Noon with { Until = Some.In(20) })], [Timer(20)])
            .When(new EndMute(Some.Incident, Some.In(30)), Some.In(15)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_mute_without_a_known_end_gets_one_without_a_signal() =>
        Given(Some.Group, Opened, new GroupMuted(new("interval noon", null))).When(new LearnMute(Muted), Some.In(5)).Then(Reason.MutedByInterval, [new GroupMuted(Noon)], [Timer(30)]);

    [Fact]
    public void A_mute_that_a_changed_catalogue_lifts_is_over_without_a_signal() =>
        Held().When(new LearnMute(Some.Target), Some.In(5)).Then(Reason.MuteOver, [new MuteEnded(Severity.Critical)], [Ask]);

    [Fact]
    public void A_catalogue_that_says_the_same_changes_nothing() => Held().When(new LearnMute(Muted), Some.In(5)).ThenNothing(Reason.MutedByInterval);

    [Fact]
    public void What_is_not_muted_or_whose_mute_is_over_learns_nothing()
    {
        Given(Some.Group, Opened with { Waits = false }).When(new LearnMute(Muted)).ThenNothing(Reason.GroupTimerLate);
        Held().When(new LearnMute(Some.Target), Some.In(30)).ThenNothing(Reason.GroupTimerLate);
    }

    [Fact]
    public void An_incident_that_was_open_before_goes_on() =>
        Given(Some.Group, Opened with { Waits = false }).When(Some.Trigger("b", target: Muted), Some.In(1))
            .Then(Reason.JoinedGroup, [Fired(1, "b")], [new(StreamId.Incident(Some.Incident), new UpdateFromSource(Some.Group, 2, null, "alert b"))]);

    [Fact]
    public void What_begins_inside_the_mute_and_the_window_reopens_its_incident_when_the_mute_is_over()
    {
        var held = EndedBefore().When(Some.Trigger(target: Reopening(60))).Then(Reason.MutedByInterval, [Opened, new GroupMuted(Noon) { Reopens = new("before", Some.In(60)) }], [Timer(30)]);
        var state = held.When(new EndMute(Some.Incident, Some.In(30)), Some.In(30))
            .Then(Reason.MuteOver, [new MuteEnded(Severity.Critical), new GroupMoved("before", Reason.ReopenedWithinWindow)], [Reopen]).State<GroupState>();
        Assert.Equal(("before", false, (Reopening?)null), (state.Incident, state.Waiting, state.Reopens));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(29, false)]
    public void The_window_counts_from_the_end_and_its_own_end_is_within(int window, bool reopens)
    {
        var held = EndedBefore().When(Some.Trigger(target: Reopening(window))).And();
        var asked = Assert.Single(held.When(new EndMute(Some.Incident, Some.In(30)), Some.In(30)).Decision.Messages);
        Assert.Equal(reopens ? typeof(ReopenBySource) : typeof(AdmitProblem), asked.Command.GetType());
    }

    [Fact]
    public void A_timer_that_is_late_still_reopens() =>
        EndedBefore().When(Some.Trigger(target: Reopening(30))).And().When(new EndMute(Some.Incident, Some.In(30)), Some.In(90))
            .Then(Reason.MuteOver, [new MuteEnded(Severity.Critical), new GroupMoved("before", Reason.ReopenedWithinWindow)], [Reopen]);

    [Fact]
    public void What_comes_and_goes_inside_the_mute_takes_no_window_away()
    {
        var again = EndedBefore().When(Some.Trigger(target: Reopening(60))).And().When(Some.Resolve(), Some.In(5)).And().When(Some.Trigger(target: Reopening(60)), Some.In(10)).And();
        Assert.Equal(new Reopening("before", Some.In(60)), again.State<GroupState>().Reopens);

        var after = EndedBefore().When(Some.Trigger(target: Reopening(60))).And().When(Some.Resolve(), Some.In(5)).And().When(Some.Trigger(target: Reopening(60)), Some.In(40));
        Assert.Equal(Reason.ReopenedWithinWindow, after.Decision.Reason);
        Assert.Equal("before", Assert.IsType<GroupReopened>(Assert.Single(after.Decision.Events)).Incident);
    }

    [Fact]
    public void What_would_reopen_needs_no_count_inside_the_mute_either()
    {
        var two = new OpeningThreshold(2, Duration.FromMinutes(10), Severity.Critical);
        var group = EndedBefore().When(Some.Trigger(severity: Severity.Error, target: Reopening(60) with { Threshold = two }));
        Assert.Equal(Reason.MutedByInterval, group.Decision.Reason);
        var late = EndedBefore().When(Some.Trigger(severity: Severity.Error, target: Reopening(20) with { Threshold = two }));
        Assert.Equal(Reason.CountedBelowThreshold, late.Decision.Reason);
    }

    [Fact]
    public void One_incident_is_open_when_the_mute_is_over_within_the_window()
    {
        var world = new World(folds: true).Configured(Some.Service());
        var target = Some.Target with { Mutes = Daily(725, 750), ReopenWindow = Duration.FromHours(1) };
        world.Post(Some.Group, Some.Trigger(target: target), Some.Monitoring);
        world.Run();
        world.Post(Some.Group, Some.Resolve(), Some.Monitoring);
        world.Run();
        Assert.Equal(IncidentStatus.Resolved, Assert.Single(world.Incidents).State.Status);
        world.Pass(Duration.FromMinutes(6));
        world.Post(Some.Group, Some.Trigger(target: target), Some.Monitoring);
        world.Run();
        Assert.Equal(IncidentStatus.Resolved, Assert.Single(world.Incidents).State.Status);

        world.Pass(Duration.FromMinutes(24));

        Assert.Equal(IncidentStatus.Active, Assert.Single(world.Incidents).State.Status);
    }

    private static GroupTarget Reopening(int minutes) => Muted with { ReopenWindow = Duration.FromMinutes(minutes) };

    private static Scenario EndedBefore() =>
        Given(Some.Group, Opened with { Waits = false, Incident = "before" }, new AlertsEnded([0], Reason.ResolvedBySource, Some.Now), new GroupEnded(Some.Now));

    [Theory]
    [InlineData(-20, Reason.MutedByInterval)]
    [InlineData(-40, Reason.WaitsForGroup)]
    [InlineData(30 * 60 - 31, Reason.MutedByInterval)]
    [InlineData(30 * 60 - 30, Reason.WaitsForGroup)]
    public void With_a_wait_it_counts_whether_the_route_is_mute_when_that_is_over(int second, Reason reason)
    {
        var target = Muted with { Wait = Duration.FromSeconds(30) };
        var at = Some.Now + Duration.FromSeconds(second);
        var group = Given(Some.Group).When(Some.Trigger(target: target), at);
        Assert.Equal(reason, group.Decision.Reason);
        Assert.Equal(0, Folding.PlaceOfRepeat(group.And().State<GroupState>(), Some.Trigger(target: target), at + Duration.FromSeconds(1)));
    }

    [Fact]
    public void A_threshold_that_is_reached_inside_the_mute_waits_for_its_end()
    {
        var two = new OpeningThreshold(2, Duration.FromMinutes(10), Severity.Critical);
        var target = Muted with { Threshold = two };
        var first = Opened with { Counting = two, First = Some.Seen(severity: Severity.Error) };
        Given(Some.Group).When(Some.Trigger(severity: Severity.Error, target: target)).Then(Reason.CountedBelowThreshold, [first])
            .When(Some.Trigger(severity: Severity.Error, target: target), Some.In(1))
            .Then(Reason.MutedByInterval, [new AlertCounted(Some.Incident, 0, Some.In(1)), new ThresholdReached(Severity.Error, Waits: true), new GroupMuted(Noon)], [Timer(30)]);
        Given(Some.Group).When(Some.Trigger(target: target)).Then(Reason.MutedByInterval, [Opened, new GroupMuted(Noon)], [Timer(30)]);
    }

    [Fact]
    public void An_acknowledgement_inside_the_mute_is_remembered() =>
        Assert.True(Held().When(Some.Acknowledge(), Some.In(1)).Then(Reason.AcknowledgedBySource, [new GroupAcknowledged("a")]).State<GroupState>().Acknowledged);

    [Fact]
    public void The_pager_rings_when_the_mute_is_over_though_nothing_was_sent_again()
    {
        var world = new World(folds: true).Configured(Some.Service());
        world.Post(Some.Group, Some.Trigger(target: Muted), Some.Monitoring);
        world.Run();
        world.Pass(Duration.FromMinutes(30) - Duration.Epsilon);
        Assert.Empty(world.Incidents);
        world.Pass(Duration.Epsilon);
        Assert.Equal(IncidentStatus.Active, Assert.Single(world.Incidents).State.Status);
    }
}
