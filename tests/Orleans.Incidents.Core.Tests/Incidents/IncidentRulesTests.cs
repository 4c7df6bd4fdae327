using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Services;
using static Incidents.Core.Tests.Decisions.Scenario;
using static Incidents.Core.Tests.Incidents.SomeIncident;

namespace Incidents.Core.Tests.Incidents;

public class IncidentRulesTests
{
    private static readonly IncidentGrew Grew = new(Some.Group, 2, "alert b");

    private static UpdateFromSource Update(Severity? severity) => new(Some.Group, 2, severity, "alert b");

    [Fact]
    public void A_page_worthy_incident_starts_active_and_pages_at_once() =>
        Given(Self).When(Open()).Then(Reason.OpenedPaging, [Opened(), FirstStep], [Here(Severity.Critical), .. PagesOf(0, 0)]);

    [Fact]
    public void An_incident_as_urgent_as_the_threshold_pages() =>
        Assert.Equal(Reason.OpenedPaging, Given(Self).When(Open(Severity.Error)).Decision.Reason);

    [Fact]
    public void A_less_urgent_incident_waits_in_triage_and_pages_nobody() =>
        Given(Self).When(Open(Severity.Warning)).Then(Reason.OpenedInTriage, [Opened(Severity.Warning)], [Here(Severity.Warning)]);

    [Fact]
    public void An_incident_opens_once() => Given(Self, Active).When(Open()).ThenNothing(Reason.IncidentAlreadyOpen);

    [Fact]
    public void What_was_never_opened_does_nothing() => Given(Self).When(new AcknowledgeIncident()).ThenNothing(Reason.NoSuchIncident);

    [Fact]
    public void More_alerts_are_written_down() => Given(Self, Active).When(Update(null)).Then(Reason.IncidentGrew, [Grew]);

    [Fact]
    public void A_more_urgent_alert_raises_an_incident_in_triage_and_it_pages() =>
        Given(Self, Triage).When(Update(Severity.Critical)).Then(Reason.RaisedBySource,
            [Grew, new SeverityChanged(Severity.Warning, Severity.Critical, Reason.RaisedBySource), FirstStep], PagesOf(0, 0));

    [Fact]
    public void A_raise_that_is_not_page_worthy_stays_in_triage() =>
        Given(Self, Opened(Severity.Info)).When(Update(Severity.Warning)).Then(Reason.RaisedBySource,
            [Grew, new SeverityChanged(Severity.Info, Severity.Warning, Reason.RaisedBySource)]);

    [Fact]
    public void A_raise_just_to_the_threshold_pages() =>
        Assert.Contains(Given(Self, Triage).When(Update(Severity.Error)).Decision.Events, e => e is StepPaged);

    [Fact]
    public void A_raise_while_somebody_is_being_looked_for_goes_on_looking() =>
        Given(Self, Opened(Severity.Error), FirstStep).When(Update(Severity.Critical)).Then(Reason.RaisedBySource,
            [Grew, new SeverityChanged(Severity.Error, Severity.Critical, Reason.RaisedBySource)]);

    [Fact]
    public void A_raise_pages_nobody_while_somebody_has_taken_it_on() =>
        Given(Self, Opened(Severity.Warning), new IncidentAcknowledged("alice", Reason.Acknowledged)).When(Update(Severity.Critical)).Then(Reason.RaisedBySource,
            [Grew, new SeverityChanged(Severity.Warning, Severity.Critical, Reason.RaisedBySource)]);

    [Fact]
    public void A_raise_looks_for_somebody_again_when_nobody_had_answered() =>
        Given(Self, Opened(Severity.Error), FirstStep, new EscalationExhausted(Reason.StepTimedOut)).When(Update(Severity.Critical)).Then(Reason.RaisedBySource,
            [Grew, new SeverityChanged(Severity.Error, Severity.Critical, Reason.RaisedBySource), FirstStep with { Round = 1, FirstRound = 1 }], PagesOf(0, 1));

    [Fact]
    public void A_less_urgent_alert_lowers_nothing() => Given(Self, Active).When(Update(Severity.Info)).Then(Reason.IncidentGrew, [Grew]);

    [Fact]
    public void An_ended_incident_does_not_grow() => Given(Self, Resolved).When(Update(Severity.Critical)).ThenNothing(Reason.IncidentEnded);

    [Fact]
    public void When_its_last_group_ends_it_is_resolved_on_that_evidence_and_stays_so() =>
        Given(Self, Active).When(new EndProblem(Some.Group, 1, Reason.ResolvedBySource)).Then(Reason.AllAlertsEnded,
            [new ProblemEnded(Some.Group, Reason.ResolvedBySource), new IncidentResolved("monitoring", Reason.AllAlertsEnded, Some.Now)], [Withdrawn()])
            .When(new EndProblem(Some.Group, 1, Reason.ResolvedBySource)).ThenNothing(Reason.IncidentEnded);

    [Fact]
    public void One_of_several_groups_ends_and_is_counted_once() =>
        Given(Self, InStorm).When(new EndProblem(Some.Group, 1, Reason.EndedBySilence)).Then(Reason.EndedBySilence, [new ProblemEnded(Some.Group, Reason.EndedBySilence)])
            .When(new EndProblem(Some.Group, 1, Reason.EndedBySilence)).ThenNothing(Reason.GroupAlreadyQuiet);

    [Fact]
    public void The_end_of_a_storm_reaches_its_service() =>
        Given(Self, [.. InStorm, new ProblemEnded(Some.Group, Reason.ResolvedBySource)]).When(new EndProblem(Some.OtherGroup, 1, Reason.ResolvedBySource)).Then(Reason.AllAlertsEnded,
            [new ProblemEnded(Some.OtherGroup, Reason.ResolvedBySource), new IncidentResolved("monitoring", Reason.AllAlertsEnded, Some.Now)],
            [Withdrawn(), new(StreamId.Service("shop"), new EndStorm("I"))]);

    [Fact]
    public void A_further_problem_joins_the_storm_and_its_group_hears_where_it_belongs() =>
        Given(Self, Active).When(new JoinIncident(Some.OtherGroup, 1, "P2", "shop", "alert b", Severity.Warning, Some.Labels)).Then(Reason.JoinedStorm,
            [new ProblemJoined(Some.OtherGroup, 1, "alert b")], [new(Some.OtherGroup, new JoinStorm("P2", "I", 1, Severity.Critical))]);

    [Fact]
    public void A_critical_problem_that_joins_a_storm_in_triage_pages() =>
        Given(Self, Triage).When(new JoinIncident(Some.OtherGroup, 1, "P2", "shop", "alert b", Severity.Critical, Some.Labels)).Then(Reason.RaisedBySource,
            [new ProblemJoined(Some.OtherGroup, 1, "alert b"), new SeverityChanged(Severity.Warning, Severity.Critical, Reason.RaisedBySource), FirstStep],
            [new(Some.OtherGroup, new JoinStorm("P2", "I", 1, Severity.Critical)), .. PagesOf(0, 0, title: "alert a (2 problems)")]);

    [Fact]
    public void Every_problem_that_joined_is_counted_also_that_of_a_group_that_fires_anew() =>
        Assert.Equal(3, Given(Self, [.. InStorm, new ProblemJoined(Some.OtherGroup, 2, "alert b")]).State<IncidentState>().Problems);

    [Fact]
    public void A_problem_that_finds_its_storm_ended_asks_the_service_again_under_its_own_id() =>
        Given(Self, Resolved).When(new JoinIncident(Some.OtherGroup, 1, "P2", "shop", "alert b", null, Some.Labels)).Then(Reason.IncidentEnded, messages:
        [
            new(StreamId.Service("shop"), new EndStorm("I")),
            new(StreamId.Service("shop"), new AdmitProblem(Some.OtherGroup, 1, "P2", "alert b", null, Some.Labels)),
        ]);

    [Fact]
    public void An_acknowledgement_at_the_source_counts_once() =>
        Given(Self, Active).When(new AcknowledgeBySource()).Then(Reason.AcknowledgedBySource, [new IncidentAcknowledged("monitoring", Reason.AcknowledgedBySource)], [Withdrawn()])
            .When(new AcknowledgeBySource()).ThenNothing(Reason.AlreadyAcknowledged);

    [Fact]
    public void An_acknowledgement_at_the_source_of_one_problem_does_not_silence_a_storm() =>
        Given(Self, InStorm).When(new AcknowledgeBySource()).ThenNothing(Reason.OneOfStormAcknowledged);

    [Fact]
    public void An_acknowledgement_at_the_source_of_an_ended_incident_is_too_late() =>
        Given(Self, Resolved).When(new AcknowledgeBySource()).ThenNothing(Reason.IncidentEnded);

    [Fact]
    public void A_group_that_fires_again_reopens_its_incident_and_it_pages_in_a_new_round() =>
        Given(Self, Resolved).When(new ReopenBySource(Some.Group, 2, Severity.Warning, "alert a")).Then(Reason.ReopenedWithinWindow,
            [new IncidentReopened("monitoring", Reason.ReopenedWithinWindow, IncidentStatus.Active, []), new ProblemJoined(Some.Group, 2, "alert a"), FirstStep with { Round = 1, FirstRound = 1 }],
            [new(Some.Group, new CatchUp("I", 2, Severity.Critical)), .. PagesOf(0, 1)]);

    [Fact]
    public void A_reopened_incident_that_is_not_page_worthy_waits_in_triage_again() =>
        Given(Self, [.. Triage, new IncidentResolved("alice", Reason.Resolved, Some.Now)]).When(new ReopenBySource(Some.Group, 2, Severity.Warning, "alert a")).Then(
            Reason.ReopenedWithinWindow, [new IncidentReopened("monitoring", Reason.ReopenedWithinWindow, IncidentStatus.Triage, []), new ProblemJoined(Some.Group, 2, "alert a")],
            [new(Some.Group, new CatchUp("I", 2, Severity.Warning))]);

    [Fact]
    public void An_incident_that_reopens_just_at_the_threshold_pages() =>
        Assert.True(Given(Self, [.. Triage, new IncidentResolved("alice", Reason.Resolved, Some.Now)]).When(new ReopenBySource(Some.Group, 2, Severity.Error, "alert a")).And()
            .State<IncidentState>() is { Status: IncidentStatus.Active, Escalation.Running: true });

    [Fact]
    public void A_more_urgent_severity_at_reopening_is_an_event_of_its_own()
    {
        var scenario = Given(Self, [.. Triage, new IncidentResolved("alice", Reason.Resolved, Some.Now)]).When(new ReopenBySource(Some.Group, 2, Severity.Critical, "alert a")).Then(
            Reason.ReopenedWithinWindow,
            [
                new IncidentReopened("monitoring", Reason.ReopenedWithinWindow, IncidentStatus.Active, []), new ProblemJoined(Some.Group, 2, "alert a"),
                new SeverityChanged(Severity.Warning, Severity.Critical, Reason.RaisedBySource), FirstStep,
            ],
            [new(Some.Group, new CatchUp("I", 2, Severity.Critical)), .. PagesOf(0, 0)]);
        Assert.Equal(Severity.Critical, scenario.State<IncidentState>().Severity);
    }

    [Fact]
    public void A_closed_incident_stays_closed_and_the_group_starts_anew() =>
        Given(Self, Closed).When(new ReopenBySource(Some.Group, 2, Severity.Critical, "alert a")).Then(Reason.ClosedStaysClosed,
            messages: [new(Some.Group, new StartAnew("I"))]);

    [Fact]
    public void A_group_that_fires_again_while_the_incident_is_open_joins_it() =>
        Given(Self, [.. InStorm, new ProblemEnded(Some.OtherGroup, Reason.ResolvedBySource)]).When(new ReopenBySource(Some.OtherGroup, 2, Severity.Critical, "alert b")).Then(
            Reason.JoinedGroup, [new ProblemJoined(Some.OtherGroup, 2, "alert b")], [new(Some.OtherGroup, new CatchUp("I", 2, Severity.Critical))]);

    [Fact]
    public void A_group_that_fires_again_more_urgently_while_the_incident_is_open_raises_it() =>
        Assert.Equal(Reason.RaisedBySource, Given(Self, Triage).When(new ReopenBySource(Some.OtherGroup, 2, Severity.Critical, "alert b")).Decision.Reason);

    [Fact]
    public void The_end_of_an_earlier_episode_does_not_end_the_later_one() =>
        Given(Self, [.. Active, new ProblemJoined(Some.Group, 2, "alert a")]).When(new EndProblem(Some.Group, 1, Reason.EndedMeanwhile)).ThenNothing(Reason.GroupAlreadyQuiet);

    [Fact]
    public void A_problem_of_an_earlier_episode_joins_no_more() =>
        Given(Self, [.. Active, new ProblemJoined(Some.Group, 2, "alert a")]).When(new JoinIncident(Some.Group, 1, "P0", "shop", "alert a", null, Some.Labels)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_reopening_of_an_earlier_episode_is_late() =>
        Given(Self, [.. Active, new ProblemJoined(Some.Group, 3, "alert a")]).When(new ReopenBySource(Some.Group, 2, Severity.Critical, "alert a")).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_storm_that_never_opened_swallows_no_problem() =>
        Given(Self).When(new JoinIncident(Some.OtherGroup, 1, "P2", "shop", "alert b", null, Some.Labels)).Then(Reason.NoSuchIncident, messages:
        [
            new(StreamId.Service("shop"), new EndStorm("I")),
            new(StreamId.Service("shop"), new AdmitProblem(Some.OtherGroup, 1, "P2", "alert b", null, Some.Labels)),
        ]);
}
