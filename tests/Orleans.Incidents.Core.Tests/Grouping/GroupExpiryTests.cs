using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Grouping;

public class GroupExpiryTests
{
    private static readonly StreamId Incident = StreamId.Incident(Some.Incident);

    private static GroupOpened Opened(int? expires) =>
        new("shop", Some.Labels, Some.Incident, false, Some.Seen(expires: expires), Some.Now, expires is { } minutes ? Some.In(minutes) : null);

    [Fact]
    public void An_alert_with_a_time_out_arms_the_timer() =>
        Assert.Contains(new Message(Some.Group, new ExpireAlerts(Some.In(5)), Some.In(5)), Given(Some.Group).When(Some.Trigger(expires: 5)).Decision.Messages);

    // Prometheus counts four minutes from when it evaluated, and sends a moment later.
    [Theory]
    [InlineData(239_400, 239_900)]
    [InlineData(239_900, 239_400)]
    [InlineData(235_001, 239_999)]
    public void A_sender_whose_time_out_trembles_sends_repeats(int first, int second)
    {
        var group = Given(Some.Group).When(Sent(first)).And().State<GroupState>();

        Assert.Equal(0, Folding.PlaceOfRepeat(group, Sent(second), Some.Now));
        Assert.Equal(Some.In(4), group.ArmedFor);
    }

    [Theory]
    [InlineData(15_999, 15_999)]
    [InlineData(16_000, 16_000)]
    [InlineData(16_001, 17_000)]
    [InlineData(80_001, 85_000)]
    [InlineData(240_000, 240_000)]
    [InlineData(240_001, 255_000)]
    [InlineData(300_000, 300_000)]
    [InlineData(4 * 3_600_000, 4 * 3_600_000)]
    [InlineData((16 * 3_600_000) + 1, 17 * 3_600_000)]
    public void A_time_out_is_rounded_up_by_a_sixteenth_at_most(int milliseconds, int expected) =>
        Assert.Equal(Duration.FromMilliseconds(expected), GroupExpiry.Rounded(Duration.FromMilliseconds(milliseconds)));

    private static Signal Sent(int milliseconds) =>
        new(Some.Alert() with { ExpiresAfter = Duration.FromMilliseconds(milliseconds) }, Some.Target);

    [Fact]
    public void Only_an_earlier_deadline_arms_it_anew()
    {
        Given(Some.Group, Opened(5)).When(Some.Trigger("b", expires: 9)).Then(Reason.JoinedGroup,
            [new AlertFired(Some.Incident, Some.Seen("b", expires: 9), Some.Now, Some.In(5))],
            [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b"))]);
        Given(Some.Group, Opened(5)).When(Some.Trigger("b", expires: 3)).Then(Reason.JoinedGroup,
            [new AlertFired(Some.Incident, Some.Seen("b", expires: 3), Some.Now, Some.In(3))],
            [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b")), new(Some.Group, new ExpireAlerts(Some.In(3)), Some.In(3))]);
    }

    [Fact]
    public void An_alert_with_the_same_deadline_needs_no_second_timer() =>
        Given(Some.Group, Opened(5)).When(Some.Trigger("b", expires: 5)).Then(Reason.JoinedGroup,
            [new AlertFired(Some.Incident, Some.Seen("b", expires: 5), Some.Now, Some.In(5))],
            [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b"))]);

    [Fact]
    public void Silence_ends_the_alert_at_its_very_deadline() =>
        Given(Some.Group, Opened(5)).When(new ExpireAlerts(Some.In(5)), Some.In(5)).Then(Reason.EndedBySilence,
            [new AlertsEnded([0], Reason.EndedBySilence, Some.In(5)), new GroupEnded(Some.In(5))],
            [new(Incident, new EndProblem(Some.Group, 1, Reason.EndedBySilence))]);

    [Fact]
    public void A_repeat_moves_the_deadline_and_the_timer_is_put_off_without_an_event() =>
        Given(Some.Group, Opened(5), new AlertsRepeated(Some.Incident, 1, [new MemberSeen(0, Some.In(2))])).When(new ExpireAlerts(Some.In(5)), Some.In(5)).Then(
            Reason.StillRepeated, [], [new(Some.Group, new ExpireAlerts(Some.In(5)), Some.In(7))]);

    [Fact]
    public void A_timer_that_was_put_off_still_ends_what_is_silent_then() =>
        Given(Some.Group, Opened(5), new AlertsRepeated(Some.Incident, 1, [new MemberSeen(0, Some.In(2))])).When(new ExpireAlerts(Some.In(5)), Some.In(7)).Then(
            Reason.EndedBySilence, [new AlertsEnded([0], Reason.EndedBySilence, Some.In(7)), new GroupEnded(Some.In(7))],
            [new(Incident, new EndProblem(Some.Group, 1, Reason.EndedBySilence))]);

    [Fact]
    public void An_alert_that_comes_while_the_timer_is_put_off_arms_one_for_the_earliest_deadline_of_all()
    {
        // Armed for 5, repeated at 4, put off to 9: at 6 nobody knows that from the state.
        IEvent[] past = [Opened(5), new AlertsRepeated(Some.Incident, 1, [new MemberSeen(0, Some.In(4))])];
        Given(Some.Group, past).When(Some.Trigger("b", expires: 1), Some.In(6)).Then(Reason.JoinedGroup,
            [new AlertFired(Some.Incident, Some.Seen("b", expires: 1), Some.In(6), Some.In(7))],
            [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b")), new(Some.Group, new ExpireAlerts(Some.In(7)), Some.In(7))]);
        Given(Some.Group, past).When(Some.Trigger("b", expires: 9), Some.In(6)).Then(Reason.JoinedGroup,
            [new AlertFired(Some.Incident, Some.Seen("b", expires: 9), Some.In(6), Some.In(9))],
            [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b")), new(Some.Group, new ExpireAlerts(Some.In(9)), Some.In(9))]);
    }

    [Fact]
    public void What_is_silent_ends_and_the_timer_is_armed_for_the_next() =>
        Given(Some.Group, Opened(5), new AlertFired(Some.Incident, Some.Seen("b", expires: 9), Some.Now, Some.In(5))).When(new ExpireAlerts(Some.In(5)), Some.In(5)).Then(
            Reason.EndedBySilence, [new AlertsEnded([0], Reason.EndedBySilence, Some.In(5)), new ExpiryArmed(Some.In(9))],
            [new(Some.Group, new ExpireAlerts(Some.In(9)), Some.In(9))]);

    [Theory]
    [InlineData(7, 9)]
    [InlineData(9, 7)]
    public void Of_several_deadlines_the_timer_is_armed_for_the_earliest(int second, int third) =>
        Given(Some.Group, Opened(5), new AlertFired(Some.Incident, Some.Seen("b", expires: second), Some.Now, Some.In(5)), new AlertFired(Some.Incident, Some.Seen("c", expires: third), Some.Now, Some.In(5)))
            .When(new ExpireAlerts(Some.In(5)), Some.In(5)).Then(
            Reason.EndedBySilence, [new AlertsEnded([0], Reason.EndedBySilence, Some.In(5)), new ExpiryArmed(Some.In(7))],
            [new(Some.Group, new ExpireAlerts(Some.In(7)), Some.In(7))]);

    [Fact]
    public void An_alert_that_comes_at_the_very_time_of_a_timer_that_was_just_put_off_arms_its_own() =>
        Given(Some.Group, Opened(5), new AlertsRepeated(Some.Incident, 1, [new MemberSeen(0, Some.In(4))])).When(Some.Trigger("b", expires: 1), Some.In(5)).Then(Reason.JoinedGroup,
            [new AlertFired(Some.Incident, Some.Seen("b", expires: 1), Some.In(5), Some.In(6))],
            [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b")), new(Some.Group, new ExpireAlerts(Some.In(6)), Some.In(6))]);

    [Fact]
    public void A_timer_that_was_armed_anew_meanwhile_is_late() =>
        Given(Some.Group, Opened(5), new ExpiryArmed(Some.In(3))).When(new ExpireAlerts(Some.In(5)), Some.In(5)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_timer_of_a_quiet_group_is_late() =>
        Given(Some.Group, Opened(5), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now), new GroupEnded(Some.Now))
            .When(new ExpireAlerts(Some.In(5)), Some.In(5)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_timer_that_finds_nothing_to_watch_is_disarmed_so_that_a_later_alert_arms_one()
    {
        var scenario = Given(Some.Group, Opened(5), new AlertFired(Some.Incident, Some.Seen("b"), Some.Now, Some.In(5)), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now))
            .When(new ExpireAlerts(Some.In(5)), Some.In(5)).Then(Reason.GroupTimerLate, [new ExpiryArmed(null)]);
        Assert.Contains(new Message(Some.Group, new ExpireAlerts(Some.In(16)), Some.In(16)), scenario.When(Some.Trigger("c", expires: 10), Some.In(6)).Decision.Messages);
    }

    [Fact]
    public void An_alert_that_is_never_silent_keeps_the_group_open_and_a_later_one_is_watched_again()
    {
        var scenario = Given(Some.Group, Opened(5), new AlertFired(Some.Incident, Some.Seen("b"), Some.Now, Some.In(5)))
            .When(new ExpireAlerts(Some.In(5)), Some.In(5)).Then(Reason.EndedBySilence, [new AlertsEnded([0], Reason.EndedBySilence, Some.In(5)), new ExpiryArmed(null)]);
        Assert.Contains(new Message(Some.Group, new ExpireAlerts(Some.In(11)), Some.In(11)), scenario.When(Some.Trigger(expires: 5), Some.In(6)).Decision.Messages);
    }
}
