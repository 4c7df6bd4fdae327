using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Escalation;
using Incidents.Incidents;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;
using static Incidents.Core.Tests.Incidents.SomeIncident;

namespace Incidents.Core.Tests.Incidents;

public class AcknowledgementsTests
{
    private static readonly Instant Until = Some.Now + Lease;
    private static readonly ExpireAcknowledgement Timer = new(Until);
    private static readonly StepPaged NextRound = FirstStep with { Round = 1, FirstRound = 1, Due = Until + Some.Steps[0].Timeout };

    // The lease was renewed ten minutes in.
    private static readonly IEvent[] Renewed = [.. Leased, new NoteAdded("bob", "looking"), new AcknowledgementRenewed("bob", Until + Duration.FromMinutes(10))];

    private static Message TimerAt(Instant at) => new(Self, new ExpireAcknowledgement(at), at);

    [Fact]
    public void An_acknowledgement_counts_for_the_length_of_the_lease() =>
        Given(Self, Opened() with { Lease = Lease }, FirstStep).When(new AcknowledgeIncident(), by: Some.Alice).Then(Reason.Acknowledged,
            [new IncidentAcknowledged("alice", Reason.Acknowledged, Until)], [Withdrawn(), TimerAt(Until)]);

    [Fact]
    public void Without_a_lease_an_acknowledgement_counts_for_ever() =>
        Given(Self, Active).When(new AcknowledgeIncident(), by: Some.Alice).Then(Reason.Acknowledged, [new IncidentAcknowledged("alice", Reason.Acknowledged)], [Withdrawn()])
            .When(new AddNote("looking"), by: Some.Alice).Then(Reason.Noted, [new NoteAdded("alice", "looking")])
            .When(new AcknowledgeIncident(), by: Some.Alice).ThenNothing(Reason.AlreadyAcknowledged);

    [Fact]
    public void When_it_expires_the_first_step_is_paged_in_a_new_round()
    {
        var state = Given(Self, Leased).When(Timer, Until, Caller.Engine).Then(Reason.AcknowledgementExpired,
            [new AcknowledgementExpired("alice", Reason.AcknowledgementExpired, IncidentStatus.Active), NextRound],
            [.. PagesOf(0, 1)[..^1], new(Self, new EscalateIncident(0, 1), NextRound.Due)]).State<IncidentState>();
        Assert.Equal((null, null, null), (state.AcknowledgedBy, state.AcknowledgedUntil, state.LeaseArmedFor));
    }

    [Fact]
    public void An_incident_that_pages_nobody_waits_in_triage_again_when_it_expires()
    {
        var accepted = new IncidentAcknowledged("alice", Reason.Acknowledged, Until);
        var state = Given(Self, Opened(Severity.Warning) with { Lease = Lease }, accepted).When(Timer, Until).Then(Reason.AcknowledgementExpired,
            [new AcknowledgementExpired("alice", Reason.AcknowledgementExpired, IncidentStatus.Triage)]).State<IncidentState>();
        Assert.Equal(IncidentStatus.Triage, state.Status);
    }

    [Fact]
    public void An_incident_just_as_urgent_as_what_pages_is_paged_again_when_it_expires() =>
        Assert.Equal(IncidentStatus.Active, Given(Self, Opened(Severity.Error) with { Lease = Lease }, FirstStep, new IncidentAcknowledged("alice", Reason.Acknowledged, Until))
            .When(Timer, Until).Decision.Events.OfType<AcknowledgementExpired>().Single().Status);

    [Fact]
    public void What_a_person_does_renews_it_and_arms_no_second_timer() =>
        Given(Self, Leased).When(new AddNote("looking"), Some.In(10), new Caller("bob", Some.Alice.Kind)).Then(Reason.Noted,
            [new NoteAdded("bob", "looking"), new AcknowledgementRenewed("bob", Until + Duration.FromMinutes(10))])
            .When(new ChangeSeverity(Severity.Error), Some.In(20), Some.Alice).Then(Reason.SeverityChanged,
            [new SeverityChanged(Severity.Critical, Severity.Error, Reason.SeverityChanged), new AcknowledgementRenewed("alice", Until + Duration.FromMinutes(20))])
            .When(new AcknowledgeIncident(), Some.In(29), Some.Alice).Then(Reason.AcknowledgementRenewed, [new AcknowledgementRenewed("alice", Until + Duration.FromMinutes(29))]);

    [Fact]
    public void Whoever_took_it_on_keeps_it_when_somebody_else_renews_it() =>
        Assert.Equal("alice", Given(Self, Renewed).State<IncidentState>().AcknowledgedBy);

    [Fact]
    public void Neither_an_agent_nor_a_sender_renews_it()
    {
        Given(Self, Leased).When(new AddNote("still broken"), Some.In(10), Some.Agent).Then(Reason.Noted, [new NoteAdded("triage-agent", "still broken")])
            .When(new AcknowledgeIncident(), Some.In(10), Some.Agent).ThenNothing(Reason.AlreadyAcknowledged)
            .When(new AcknowledgeBySource(), Some.In(10)).ThenNothing(Reason.AlreadyAcknowledged);
    }

    [Fact]
    public void What_changed_nothing_renews_nothing() =>
        Given(Self, Leased).When(new ChangeSeverity(Severity.Critical), Some.In(10), Some.Alice).ThenNothing(Reason.SeverityUnchanged);

    [Fact]
    public void A_renewed_acknowledgement_stands_and_its_timer_moves_to_the_new_end() =>
        Given(Self, Renewed).When(Timer, Until).Then(Reason.AcknowledgementStands, [new LeaseArmed(Until + Duration.FromMinutes(10))], [TimerAt(Until + Duration.FromMinutes(10))])
            .When(Timer, Until).ThenNothing(Reason.AcknowledgementTimerLate)
            .When(new ExpireAcknowledgement(Until + Duration.FromMinutes(10)), Until + Duration.FromMinutes(10)).And()
            .When(new AcknowledgeIncident(), Until + Duration.FromMinutes(11), Some.Alice).Then(Reason.Acknowledged,
            [new IncidentAcknowledged("alice", Reason.Acknowledged, Until + Duration.FromMinutes(11) + Lease)], [Withdrawn(round: 1), TimerAt(Until + Duration.FromMinutes(11) + Lease)]);

    [Fact]
    public void A_clock_that_went_back_shortens_no_lease() =>
        Given(Self, Renewed).When(new AddNote("earlier"), Some.Now, Some.Alice).Then(Reason.Noted,
            [new NoteAdded("alice", "earlier"), new AcknowledgementRenewed("alice", Until + Duration.FromMinutes(10))]);

    [Fact]
    public void An_acknowledgement_at_the_source_expires_as_well() =>
        Given(Self, Opened() with { Lease = Lease }, FirstStep).When(new AcknowledgeBySource()).Then(Reason.AcknowledgedBySource,
            [new IncidentAcknowledged("monitoring", Reason.AcknowledgedBySource, Until)], [Withdrawn(), TimerAt(Until)])
            .When(Timer, Until).And()
            .When(new AcknowledgeBySource(), Until).Then(Reason.AcknowledgedBySource,
            [new IncidentAcknowledged("monitoring", Reason.AcknowledgedBySource, Until + Lease)], [Withdrawn(round: 1), TimerAt(Until + Lease)]);

    [Fact]
    public void The_timer_of_an_acknowledgement_that_ended_is_late()
    {
        Given(Self, [.. Leased, new IncidentResolved("alice", Reason.Resolved, Some.Now)]).When(Timer, Until).ThenNothing(Reason.AcknowledgementTimerLate);
        Given(Self, [.. Leased, new IncidentResolved("alice", Reason.Resolved, Some.Now), new IncidentReopened("alice", Reason.Reopened, IncidentStatus.Active, [])])
            .When(Timer, Until).ThenNothing(Reason.AcknowledgementTimerLate);
    }

    [Fact]
    public void An_expiry_that_comes_two_months_late_pages_nobody_until_a_person_acts()
    {
        var late = Until + Duration.FromDays(60);
        Given(Self, Leased).When(Timer, late).Then(Reason.TimerTooOld, [new EscalationLapsed(Until, Reason.TimerTooOld)])
            .When(Timer, late).ThenNothing(Reason.AcknowledgementTimerLate)
            .When(new AddNote("back from holiday"), late, Some.Alice).Then(Reason.Noted,
            [new NoteAdded("alice", "back from holiday"), new AcknowledgementRenewed("alice", late + Lease), new LeaseArmed(late + Lease)], [TimerAt(late + Lease)]);
    }

    [Fact]
    public void An_expiry_that_comes_a_day_late_still_looks_for_somebody() =>
        Assert.Equal(Reason.AcknowledgementExpired, Given(Self, Leased).When(Timer, Until + EscalationRules.MaxTimerAge).Decision.Reason);

    [Fact]
    public void Resolving_renews_nothing() =>
        Assert.IsType<IncidentResolved>(Assert.Single(Given(Self, Leased).When(new ResolveIncident(), Some.In(1), Some.Alice).Decision.Events));
}
