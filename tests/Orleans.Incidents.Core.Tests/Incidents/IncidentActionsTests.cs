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

public class IncidentActionsTests
{
    [Fact]
    public void Somebody_takes_it_on_and_escalation_stops()
    {
        var scenario = Given(Self, Active).When(new AcknowledgeIncident(), by: Some.Alice).Then(Reason.Acknowledged, [new IncidentAcknowledged("alice", Reason.Acknowledged)], [Withdrawn()]);
        Assert.False(scenario.State<IncidentState>().Escalation!.Running);
    }

    [Fact]
    public void Taking_on_an_incident_in_triage_accepts_it() =>
        Assert.Equal(IncidentStatus.Active, Given(Self, Triage).When(new AcknowledgeIncident(), by: Some.Alice).And().State<IncidentState>().Status);

    [Fact]
    public void The_first_acknowledgement_counts() =>
        Given(Self, Acknowledged).When(new AcknowledgeIncident(), by: Some.Agent).ThenNothing(Reason.AlreadyAcknowledged);

    [Fact]
    public void A_late_acknowledgement_changes_nothing() =>
        Given(Self, Resolved).When(new AcknowledgeIncident()).ThenNothing(Reason.IncidentEnded);

    [Fact]
    public void A_note_is_written_down_even_after_the_end()
    {
        Given(Self, Active).When(new AddNote("looking"), by: Some.Alice).Then(Reason.Noted, [new NoteAdded("alice", "looking")]);
        Given(Self, Closed).When(new AddNote("it was the cache"), by: Some.Alice).Then(Reason.Noted, [new NoteAdded("alice", "it was the cache")]);
    }

    [Fact]
    public void Raising_an_incident_out_of_triage_pages() =>
        Given(Self, Triage).When(new ChangeSeverity(Severity.Error)).Then(Reason.SeverityChanged,
            [new SeverityChanged(Severity.Warning, Severity.Error, Reason.SeverityChanged), FirstStep], PagesOf(0, 0, Severity.Error));

    [Fact]
    public void A_severity_under_the_threshold_stays_in_triage() =>
        Given(Self, Triage).When(new ChangeSeverity(Severity.Info)).Then(Reason.SeverityChanged, [new SeverityChanged(Severity.Warning, Severity.Info, Reason.SeverityChanged)]);

    [Fact]
    public void Changing_the_severity_of_an_active_incident_pages_nobody_again() =>
        Given(Self, Active).When(new ChangeSeverity(Severity.Error)).Then(Reason.SeverityChanged, [new SeverityChanged(Severity.Critical, Severity.Error, Reason.SeverityChanged)]);

    [Fact]
    public void The_same_severity_is_no_change() => Given(Self, Active).When(new ChangeSeverity(Severity.Critical)).ThenNothing(Reason.SeverityUnchanged);

    [Fact]
    public void The_severity_of_an_ended_incident_is_history() => Given(Self, Resolved).When(new ChangeSeverity(Severity.Info)).ThenNothing(Reason.IncidentEnded);

    [Fact]
    public void Resolving_ends_it_and_its_groups_once() =>
        Given(Self, Active).When(new ResolveIncident(), by: Some.Alice).Then(Reason.Resolved, [new IncidentResolved("alice", Reason.Resolved, Some.Now)],
            [Withdrawn(), new(Some.Group, new EndGroup("I", 1))])
            .When(new ResolveIncident()).ThenNothing(Reason.IncidentEnded);

    [Fact]
    public void Resolving_a_storm_reaches_every_group_and_the_service() =>
        Given(Self, InStorm).When(new ResolveIncident(), by: Some.Alice).Then(Reason.Resolved, [new IncidentResolved("alice", Reason.Resolved, Some.Now)],
            [Withdrawn(), new(Some.Group, new EndGroup("I", 1)), new(Some.OtherGroup, new EndGroup("I", 1)), new(StreamId.Service("shop"), new EndStorm("I"))]);

    [Fact]
    public void Reopening_takes_the_groups_back_and_pages_in_a_new_round() =>
        Given(Self, Resolved).When(new ReopenIncident(), by: Some.Alice).Then(Reason.Reopened,
            [new IncidentReopened("alice", Reason.Reopened, IncidentStatus.Active, [Some.Group]), FirstStep with { Round = 1, FirstRound = 1 }],
            [new(Some.Group, new RejoinIncident("I", 2, Severity.Critical)), .. PagesOf(0, 1)]);

    [Fact]
    public void Reopening_forgets_who_had_taken_it_on() =>
        Assert.Null(Given(Self, [.. Acknowledged, new IncidentResolved("alice", Reason.Resolved, Some.Now)]).When(new ReopenIncident()).And().State<IncidentState>().AcknowledgedBy);

    [Fact]
    public void A_reopened_incident_under_the_threshold_waits_in_triage() =>
        Given(Self, [.. Triage, new IncidentResolved("alice", Reason.Resolved, Some.Now)]).When(new ReopenIncident(), by: Some.Alice).Then(Reason.Reopened,
            [new IncidentReopened("alice", Reason.Reopened, IncidentStatus.Triage, [Some.Group])], [new(Some.Group, new RejoinIncident("I", 2, Severity.Warning))]);

    [Fact]
    public void A_reopened_incident_just_at_the_threshold_pages() =>
        Assert.True(Given(Self, Opened(Severity.Error), FirstStep, new IncidentResolved("alice", Reason.Resolved, Some.Now)).When(new ReopenIncident()).And()
            .State<IncidentState>() is { Status: IncidentStatus.Active, Escalation.Running: true });

    [Fact]
    public void A_reopened_storm_takes_its_groups_back_in_order_of_their_keys() =>
        Assert.Equal([Some.Group, Some.OtherGroup], Given(Self, [.. InStorm, new IncidentResolved("alice", Reason.Resolved, Some.Now)]).When(new ReopenIncident())
            .Decision.Events.OfType<IncidentReopened>().Single().Groups);

    [Fact]
    public void A_reopened_incident_resolves_when_its_group_ends() =>
        Assert.Equal(Reason.AllAlertsEnded, Given(Self, Resolved).When(new ReopenIncident()).And().When(new EndProblem(Some.Group, 2, Reason.ResolvedBySource)).Decision.Reason);

    [Fact]
    public void The_end_of_an_episode_from_before_the_reopening_is_late() =>
        Given(Self, Resolved).When(new ReopenIncident()).And().When(new EndProblem(Some.Group, 1, Reason.ResolvedBySource)).ThenNothing(Reason.GroupAlreadyQuiet);

    [Fact]
    public void An_open_incident_does_not_open_again() => Given(Self, Active).When(new ReopenIncident()).ThenNothing(Reason.IncidentAlreadyOpen);

    [Fact]
    public void A_closed_incident_does_not_open_again() => Given(Self, Closed).When(new ReopenIncident()).ThenNothing(Reason.ClosedStaysClosed);

    [Fact]
    public void A_human_closes_a_resolved_incident_once() =>
        Given(Self, Resolved).When(new CloseIncident(), by: Some.Alice).Then(Reason.Closed, [new IncidentClosed("alice")])
            .When(new CloseIncident(), by: Some.Alice).ThenNothing(Reason.IncidentEnded);

    [Fact]
    public void An_incident_is_resolved_before_it_is_closed() => Given(Self, Active).When(new CloseIncident(), by: Some.Alice).ThenNothing(Reason.ResolveFirst);

    [Fact]
    public void Neither_an_agent_nor_a_service_account_closes()
    {
        Given(Self, Resolved).When(new CloseIncident(), by: Some.Agent).ThenNothing(Reason.ClosingNeedsAHuman);
        Given(Self, Resolved).When(new CloseIncident(), by: Some.Monitoring).ThenNothing(Reason.ClosingNeedsAHuman);
    }
}
