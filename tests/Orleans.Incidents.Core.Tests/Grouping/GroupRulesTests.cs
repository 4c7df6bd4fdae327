using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Services;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Grouping;

public class GroupRulesTests
{
    private static readonly GroupTarget Waiting = Some.Target with { Wait = Duration.FromSeconds(30) };
    private static readonly GroupTarget Reopening = Some.Target with { ReopenWindow = Duration.FromMinutes(10) };
    private static readonly StreamId Incident = StreamId.Incident(Some.Incident);

    private static GroupOpened Opened(Severity? severity = Severity.Critical, bool waits = false) =>
        new("shop", Some.Labels, Some.Incident, waits, Some.Seen(severity: severity), Some.Now, null);

    private static AlertFired Fired(string key, Severity? severity) => new(Some.Incident, Some.Seen(key, severity), Some.Now, null);

    private static readonly IEvent[] Ended = [Opened(), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now), new GroupEnded(Some.Now)];

    [Fact]
    public void The_first_alert_of_a_group_asks_the_service_for_an_incident() =>
        Given(Some.Group).When(Some.Trigger()).Then(Reason.OpenedGroup, [Opened()],
            [new(StreamId.Service("shop"), new AdmitProblem(Some.Group, 1, Some.Incident, "alert a", Severity.Critical, Some.Labels))]);

    [Fact]
    public void A_further_alert_joins_and_opens_nothing() =>
        Given(Some.Group, Opened()).When(Some.Trigger("b")).Then(Reason.JoinedGroup, [Fired("b", Severity.Critical)],
            [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b"))]);

    [Fact]
    public void A_third_alert_is_no_milestone_and_the_incident_hears_nothing() =>
        Given(Some.Group, Opened(), Fired("b", Severity.Critical)).When(Some.Trigger("c")).Then(Reason.JoinedGroup, [Fired("c", Severity.Critical)]);

    [Fact]
    public void A_more_urgent_alert_raises_the_incident() =>
        Given(Some.Group, Opened(Severity.Warning)).When(Some.Trigger("b", Severity.Critical)).Then(Reason.JoinedGroup, [Fired("b", Severity.Critical)],
            [new(Incident, new UpdateFromSource(Some.Group, 2, Severity.Critical, "alert b"))]);

    [Fact]
    public void An_alert_without_a_severity_counts_as_error() =>
        Given(Some.Group, Opened(Severity.Warning)).When(Some.Trigger("b", severity: null)).Then(Reason.JoinedGroup, [Fired("b", null)],
            [new(Incident, new UpdateFromSource(Some.Group, 2, Severity.Error, "alert b"))]);

    [Fact]
    public void An_alert_as_urgent_as_one_before_is_no_news_even_when_that_one_has_ended() =>
        Given(Some.Group, Opened(), Fired("b", Severity.Info), Fired("c", Severity.Info), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now))
            .When(Some.Trigger("d")).Then(Reason.JoinedGroup, [Fired("d", Severity.Critical)]);

    [Fact]
    public void A_firing_alert_that_changes_its_urgency_is_the_same_alert() =>
        Assert.Single(Given(Some.Group, Opened(Severity.Warning)).When(Some.Trigger("a", Severity.Error)).Then(Reason.AlertChanged, [Fired("a", Severity.Error)],
            [new(Incident, new UpdateFromSource(Some.Group, 1, Severity.Error, "alert a"))]).State<GroupState>().Members);

    [Fact]
    public void An_ended_alert_fires_again_in_the_open_group() =>
        Assert.Equal(2, Given(Some.Group, Opened(), Fired("b", Severity.Critical), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now))
            .When(Some.Trigger()).Then(Reason.FiredAgain, [Fired("a", Severity.Critical)]).State<GroupState>().Firing);

    [Fact]
    public void One_of_several_alerts_ends_and_the_group_goes_on() =>
        Given(Some.Group, Opened(), Fired("b", Severity.Critical)).When(Some.Resolve()).Then(Reason.ResolvedBySource, [new AlertsEnded([0], Reason.ResolvedBySource, Some.Now)]);

    [Fact]
    public void The_last_alert_ends_and_the_incident_hears_of_it() =>
        Given(Some.Group, Opened()).When(Some.Resolve()).Then(Reason.ResolvedBySource,
            [new AlertsEnded([0], Reason.ResolvedBySource, Some.Now), new GroupEnded(Some.Now)],
            [new(Incident, new EndProblem(Some.Group, 1, Reason.ResolvedBySource))]);

    [Fact]
    public void A_resolve_opens_nothing() => Given(Some.Group).When(Some.Resolve()).ThenNothing(Reason.NothingOpen);

    [Fact]
    public void A_resolve_of_an_alert_that_is_not_there_or_has_ended_changes_nothing()
    {
        Given(Some.Group, Opened()).When(Some.Resolve("b")).ThenNothing(Reason.NothingOpen);
        Given(Some.Group, Ended).When(Some.Resolve()).ThenNothing(Reason.NothingOpen);
    }

    [Fact]
    public void An_acknowledgement_opens_nothing() => Given(Some.Group).When(Some.Acknowledge()).ThenNothing(Reason.NothingOpen);

    [Fact]
    public void An_acknowledgement_of_what_no_longer_fires_changes_nothing()
    {
        Given(Some.Group, Opened(), Fired("b", Severity.Critical), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now)).When(Some.Acknowledge()).ThenNothing(Reason.NothingOpen);
        Given(Some.Group, Opened(), new GroupEnded(Some.Now)).When(Some.Acknowledge()).ThenNothing(Reason.NothingOpen);
    }

    [Fact]
    public void An_acknowledgement_at_the_source_reaches_the_incident_and_so_does_a_second_because_the_first_may_have_expired() =>
        Given(Some.Group, Opened()).When(Some.Acknowledge()).Then(Reason.AcknowledgedBySource, [new GroupAcknowledged("a")], [new(Incident, new AcknowledgeBySource())])
            .When(Some.Acknowledge()).Then(Reason.AlreadyAcknowledged, messages: [new(Incident, new AcknowledgeBySource())]);

    [Fact]
    public void A_route_with_a_wait_asks_for_the_incident_when_it_is_over() =>
        Given(Some.Group).When(Some.Trigger(target: Waiting)).Then(Reason.WaitsForGroup, [Opened(waits: true)],
            [new(Some.Group, new EndGroupWait(Some.Incident), Some.Now + Duration.FromSeconds(30))])
            .When(new EndGroupWait(Some.Incident)).Then(Reason.GroupWaitOver, [new GroupWaitEnded(Severity.Critical)],
            [new(StreamId.Service("shop"), new AdmitProblem(Some.Group, 1, Some.Incident, "alert a", Severity.Critical, Some.Labels))])
            .When(new EndGroupWait(Some.Incident)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void After_the_wait_the_incident_is_asked_for_the_most_urgent_alert() =>
        Given(Some.Group, Opened(Severity.Warning, waits: true), Fired("b", Severity.Critical)).When(new EndGroupWait(Some.Incident)).Then(
            Reason.GroupWaitOver, [new GroupWaitEnded(Severity.Critical)],
            [new(StreamId.Service("shop"), new AdmitProblem(Some.Group, 1, Some.Incident, "alert b", Severity.Critical, Some.Labels))]);

    [Fact]
    public void Nobody_hears_of_an_alert_that_ends_inside_the_wait() =>
        Given(Some.Group, Opened(waits: true)).When(Some.Resolve()).Then(Reason.ResolvedBySource,
            [new AlertsEnded([0], Reason.ResolvedBySource, Some.Now), new GroupEnded(Some.Now)])
            .When(new EndGroupWait(Some.Incident)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void An_acknowledgement_inside_the_wait_is_kept_for_the_incident() =>
        Given(Some.Group, Opened(waits: true)).When(Some.Acknowledge()).Then(Reason.AcknowledgedBySource, [new GroupAcknowledged("a")])
            .When(new EndGroupWait(Some.Incident)).And()
            .When(new CatchUp(Some.Incident, 1, Severity.Critical)).Then(Reason.CaughtUp, messages: [new(Incident, new AcknowledgeBySource())]);

    [Fact]
    public void A_trigger_after_the_end_opens_a_new_incident() =>
        Given(Some.Group, Ended).When(Some.Trigger(), Some.In(1)).Then(Reason.OpenedGroup,
            [new GroupOpened("shop", Some.Labels, Some.Command.IncidentId(Some.In(1), Some.Group.Shard), false, Some.Seen(), Some.In(1), null)],
            [new(StreamId.Service("shop"), new AdmitProblem(Some.Group, 2, Some.Command.IncidentId(Some.In(1), Some.Group.Shard), "alert a", Severity.Critical, Some.Labels))]);

    [Fact]
    public void A_trigger_within_the_window_reopens_the_incident_at_its_very_end_too() =>
        Given(Some.Group, Ended).When(Some.Trigger(target: Reopening), Some.In(10)).Then(Reason.ReopenedWithinWindow,
            [new GroupReopened(Some.Incident, Some.Seen(), Some.In(10), null)],
            [new(Incident, new ReopenBySource(Some.Group, 2, Severity.Critical, "alert a"))]);

    [Fact]
    public void A_trigger_behind_the_window_opens_a_new_incident() =>
        Assert.Equal(Reason.OpenedGroup, Given(Some.Group, Ended).When(Some.Trigger(target: Reopening), Some.In(10).PlusNanoseconds(1)).Decision.Reason);

    [Fact]
    public void Without_a_window_nothing_reopens_not_even_at_the_time_of_the_end() =>
        Assert.Equal(Reason.OpenedGroup, Given(Some.Group, Ended).When(Some.Trigger()).Decision.Reason);

    [Fact]
    public void The_window_counts_from_the_end_and_not_from_the_beginning() =>
        Assert.Equal(Reason.ReopenedWithinWindow, Given(Some.Group, Opened(), new AlertsEnded([0], Reason.ResolvedBySource, Some.In(60)), new GroupEnded(Some.In(60)))
            .When(Some.Trigger(target: Reopening), Some.In(65)).Decision.Reason);

    [Fact]
    public void A_group_that_ended_inside_its_wait_has_no_incident_to_reopen() =>
        Assert.Equal(Reason.OpenedGroup, Given(Some.Group, Opened(waits: true), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now), new GroupEnded(Some.Now))
            .When(Some.Trigger(target: Reopening), Some.In(1)).Decision.Reason);

    [Fact]
    public void A_group_that_is_routed_to_another_service_now_does_not_reopen_the_old_ones_incident() =>
        Assert.Equal(Reason.OpenedGroup, Given(Some.Group, Ended).When(Some.Trigger(target: Reopening with { Service = "billing" }), Some.In(1)).Decision.Reason);

    [Fact]
    public void Milestones_are_one_two_five_in_every_decade() =>
        Assert.Equal([1, 2, 5, 10, 20, 50, 100, 200, 500], Enumerable.Range(1, 999).Where(n => Milestones.Contains(n)));

    [Fact]
    public void A_command_that_is_not_a_groups_is_a_broken_invariant() =>
        Assert.Throws<UnknownCommandException>(() => Given(Some.Group).When(new EndStorm(Some.Incident)));
}
