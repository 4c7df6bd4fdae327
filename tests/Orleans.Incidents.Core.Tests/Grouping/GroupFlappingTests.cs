using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Grouping;

public class GroupFlappingTests
{
    private static readonly Duration Window = Duration.FromMinutes(15);
    private static readonly GroupTarget Flaps = Some.Target with { Flap = new FlapRule(3, Window) };
    private static readonly StreamId Incident = StreamId.Incident(Some.Incident);

    private static Signal Fire(int? expires = null) => Some.Trigger(expires: expires, target: Flaps);

    private static AlertFired Fired(Instant at) => new(Some.Incident, Some.Seen(), at, null);

    private static AlertsEnded Ended(Instant at) => new([0], Reason.ResolvedBySource, at);

    // Two incidents within four minutes, and the third that makes it flap.
    private static IEvent[] Opened(int minutes) =>
        [new GroupOpened("shop", Some.Labels, Some.Incident, false, Some.Seen(), Some.In(minutes), null)];

    private static readonly IEvent[] Twice = [.. Opened(0), Ended(Some.In(1)), new GroupEnded(Some.In(1)), .. Opened(2), Ended(Some.In(3)), new GroupEnded(Some.In(3))];

    private static readonly FlappingBegan Began = new(Some.Incident, Some.Now, 3, Window, Some.In(4), Some.In(19));

    private static readonly IEvent[] Flapping = [.. Twice, .. Opened(4), Began];

    private static readonly IEvent[] Held = [.. Flapping, Ended(Some.In(5))];

    private static Message Report(long times, int until, bool isOver = false, long episode = 3) =>
        new(Incident, new ReportFlapping(Some.Group, episode, times, Some.Now, Some.In(until), isOver));

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    public void A_group_that_begins_so_often_within_the_window_flaps_at_its_very_end_too(int minute, bool flaps)
    {
        var decision = Given(Some.Group, Twice).When(Fire(), Some.In(minute)).Decision;
        Assert.Equal((Reason.OpenedGroup, flaps), (decision.Reason, decision.Events.Any(e => e is FlappingBegan)));
        Assert.Equal(flaps, decision.Messages.Any(m => m.Command is SettleFlapping s && s.CheckAt == Some.In(minute) + Window && m.Due == s.CheckAt));
    }

    [Fact]
    public void A_route_that_turns_it_off_has_no_flapping_groups() =>
        Assert.DoesNotContain(Given(Some.Group, Twice).When(Some.Trigger(), Some.In(4)).Decision.Events, e => e is FlappingBegan);

    [Fact]
    public void The_end_of_a_flapping_group_is_held_back() =>
        Assert.True(Given(Some.Group, Flapping).When(Some.Resolve(), Some.In(5)).Then(Reason.HeldForFlapping, [Ended(Some.In(5))]).State<GroupState>().Open);

    [Fact]
    public void An_end_by_silence_is_held_back_too_and_leaves_no_timer_armed()
    {
        IEvent[] watched = [.. Twice, new GroupOpened("shop", Some.Labels, Some.Incident, false, Some.Seen(expires: 1), Some.In(4), Some.In(5)), Began];
        Given(Some.Group, watched).When(new ExpireAlerts(Some.In(5)), Some.In(5))
            .Then(Reason.HeldForFlapping, [new AlertsEnded([0], Reason.EndedBySilence, Some.In(5)), new ExpiryArmed(null)]);
    }

    [Fact]
    public void What_fires_again_in_the_hold_is_counted_and_opens_nothing() =>
        Assert.Equal(4, Given(Some.Group, Held).When(Fire(), Some.In(6)).Then(Reason.FlappedAgain, [Fired(Some.In(6))]).State<GroupState>().Flapping!.Times);

    [Fact]
    public void A_further_alert_while_it_fires_is_not_one_more_time() =>
        Given(Some.Group, Flapping).When(Some.Trigger("b", target: Flaps), Some.In(5)).Then(
            Reason.JoinedGroup, [new AlertFired(Some.Incident, Some.Seen("b"), Some.In(5), null)], [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b"))]);

    [Fact]
    public void The_incident_hears_of_the_count_in_growing_steps() =>
        Given(Some.Group, [.. Held, Fired(Some.In(6)), Ended(Some.In(7))]).When(Fire(), Some.In(8)).Then(Reason.FlappedAgain, [Fired(Some.In(8))], [Report(5, 8)]);

    [Fact]
    public void An_incident_that_is_there_late_hears_that_its_group_flaps() =>
        Given(Some.Group, Flapping).When(new CatchUp(Some.Incident, 3, Severity.Critical), Some.In(4)).Then(Reason.CaughtUp, messages: [Report(3, 4)]);

    [Fact]
    public void An_incident_that_is_only_asked_for_is_not_told_yet() =>
        Assert.DoesNotContain(Given(Some.Group, Twice).When(Fire(), Some.In(4)).Decision.Messages, m => m.Command is ReportFlapping);

    [Fact]
    public void An_incident_that_a_person_opened_again_is_told_when_its_silent_group_begins_to_flap()
    {
        IEvent[] rejoined = [.. Twice[..3], .. Opened(2), new GroupEnded(Some.In(3)), new GroupRejoined([0], null)];
        Given(Some.Group, rejoined).When(Fire(), Some.In(4)).Then(Reason.FiredAgain, [Fired(Some.In(4)), Began], [new(Some.Group, new SettleFlapping(Some.In(19)), Some.In(19)), Report(3, 4)]);
    }

    [Fact]
    public void A_change_since_the_timer_was_armed_arms_it_anew() =>
        Given(Some.Group, Held).When(new SettleFlapping(Some.In(19)), Some.In(19))
            .Then(Reason.StillFlapping, [new FlappingGoesOn(Some.In(20))], [new(Some.Group, new SettleFlapping(Some.In(20)), Some.In(20))]);

    [Fact]
    public void A_group_that_rests_for_its_window_ends() =>
        Assert.Null(Given(Some.Group, [.. Held, new FlappingGoesOn(Some.In(20))]).When(new SettleFlapping(Some.In(20)), Some.In(20)).Then(
            Reason.FlappingOver, [new FlappingOver(Some.Incident, Some.Now, 3, Some.In(20)), new GroupEnded(Some.In(20))],
            [Report(3, 5, isOver: true), new(Incident, new EndProblem(Some.Group, 3, Reason.FlappingOver))]).State<GroupState>().Flapping);

    [Fact]
    public void A_group_that_fires_for_its_window_flaps_no_longer_and_goes_on() =>
        Given(Some.Group, Flapping).When(new SettleFlapping(Some.In(19)), Some.In(19)).Then(
            Reason.FiresSteadily, [new FlappingOver(Some.Incident, Some.Now, 3, Some.In(19))], [Report(3, 4, isOver: true)])
            .When(Some.Resolve(), Some.In(19)).Then(Reason.ResolvedBySource, [Ended(Some.In(19)), new GroupEnded(Some.In(19))],
            [new(Incident, new EndProblem(Some.Group, 3, Reason.ResolvedBySource))]);

    [Fact]
    public void What_fired_for_a_window_ends_at_once_also_when_the_timer_is_late() =>
        Assert.Equal(Reason.ResolvedBySource, Given(Some.Group, Flapping).When(Some.Resolve(), Some.In(19)).Decision.Reason);

    [Fact]
    public void A_person_who_ends_the_incident_ends_the_hold_and_the_timer_is_late()
    {
        var ended = Given(Some.Group, Held).When(new EndGroup(Some.Incident, 3), Some.In(6)).Then(Reason.IncidentEnded, [new GroupEnded(Some.In(6))]);
        Assert.False(ended.State<GroupState>().Open);
        ended.When(new SettleFlapping(Some.In(19)), Some.In(19)).ThenNothing(Reason.GroupTimerLate);
    }

    [Fact]
    public void What_fires_after_a_persons_word_opens_a_new_incident_that_flaps_at_once()
    {
        var decision = Given(Some.Group, [.. Held, new GroupEnded(Some.In(6))]).When(Fire(), Some.In(7)).Decision;
        Assert.Equal(Reason.OpenedGroup, decision.Reason);
        Assert.Equal(Some.In(2), decision.Events.OfType<FlappingBegan>().Single().Since);
    }

    [Fact]
    public void A_second_timer_for_the_same_hold_is_late() =>
        Given(Some.Group, [.. Held, new FlappingGoesOn(Some.In(20))]).When(new SettleFlapping(Some.In(19)), Some.In(19)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void What_ends_inside_its_wait_is_not_held()
    {
        var waiting = Flaps with { Wait = Duration.FromSeconds(30) };
        Given(Some.Group, Twice).When(Some.Trigger(target: waiting), Some.In(4)).And().When(Some.Resolve(), Some.In(4))
            .Then(Reason.ResolvedBySource, [Ended(Some.In(4)), new GroupEnded(Some.In(4))]);
    }

    [Fact]
    public void A_held_group_whose_incident_is_closed_asks_for_none() =>
        Given(Some.Group, Held).When(new StartAnew(Some.Incident), Some.In(6)).Then(Reason.ClosedStaysClosed, [new GroupEnded(Some.In(6))]);

    [Fact]
    public void A_second_alert_of_a_group_that_fires_is_no_beginning() =>
        Assert.Equal(2, Given(Some.Group, Twice[..4]).When(Some.Trigger("b", target: Flaps), Some.In(4)).And().State<GroupState>().Begun.Length);

    [Fact]
    public void A_group_remembers_no_more_beginnings_than_a_rule_may_look_at()
    {
        var often = Enumerable.Range(0, 50).SelectMany(i => (IEvent[])[.. Opened(i), Ended(Some.In(i)), new GroupEnded(Some.In(i))]).ToArray();
        Assert.Equal((FlapRule.MaxCount, Some.In(49)), (Given(Some.Group, often).State<GroupState>().Begun.Length, Given(Some.Group, often).State<GroupState>().Begun[^1]));
    }

    [Fact]
    public void One_problem_that_flaps_for_an_hour_pages_once_a_beginning_until_it_flaps_and_then_never_again()
    {
        var world = new World(folds: true).Configured(Some.Service(burst: 100));
        for (var i = 0; i < 60; i++)
        {
            world.Post(Some.Group, i % 2 == 0 ? Fire() : Some.Resolve(), Some.Monitoring);
            world.Run();
            world.Pass(Duration.FromMinutes(1));
        }

        Assert.Equal(3, world.Incidents.Count());
        Assert.True(world.Group(Some.Group).Open);
        world.Pass(Window);
        Assert.False(world.Group(Some.Group).Open);
        Assert.All(world.Incidents, i => Assert.Equal(IncidentStatus.Resolved, i.State.Status));
        Assert.Equal([3, 5, 10, 20, 30], world.Incidents.SelectMany(i => world.History[StreamId.Incident(i.Id)].OfType<IncidentFlapped>()).Select(f => f.Times));
    }
}
