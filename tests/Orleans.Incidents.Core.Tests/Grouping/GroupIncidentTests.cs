using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Services;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Grouping;

public class GroupIncidentTests
{
    private const string Storm = "STORM";

    private static readonly StreamId Incident = StreamId.Incident(Some.Incident);
    private static readonly GroupOpened Opened = new("shop", Some.Labels, Some.Incident, false, Some.Seen(severity: Severity.Warning), Some.Now, null);
    private static readonly AlertFired Critical = new(Some.Incident, Some.Seen("b"), Some.Now, null);
    private static readonly IEvent[] Ended = [Opened, new AlertsEnded([0], Reason.ResolvedBySource, Some.Now), new GroupEnded(Some.Now)];

    [Fact]
    public void An_incident_that_missed_nothing_is_told_nothing() =>
        Given(Some.Group, Opened).When(new CatchUp(Some.Incident, 1, Severity.Warning)).ThenNothing(Reason.CaughtUp);

    [Fact]
    public void An_incident_hears_of_the_more_urgent_alert_that_came_before_it_was_there() =>
        Given(Some.Group, Opened, Critical).When(new CatchUp(Some.Incident, 1, Severity.Warning)).Then(Reason.CaughtUp,
            messages: [new(Incident, new UpdateFromSource(Some.Group, 2, Severity.Critical, "alert b"))]);

    [Fact]
    public void What_an_incident_hears_is_titled_by_the_most_urgent_alert_and_not_by_the_last() =>
        Given(Some.Group, Opened with { First = Some.Seen() }, Critical with { Alert = Some.Seen("b", Severity.Warning) }).When(new CatchUp(Some.Incident, 1, Severity.Critical)).Then(Reason.CaughtUp,
            messages: [new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert a"))]);

    [Fact]
    public void An_incident_hears_of_the_acknowledgement_that_came_before_it_was_there() =>
        Given(Some.Group, Opened, new GroupAcknowledged("a")).When(new CatchUp(Some.Incident, 1, Severity.Warning)).Then(Reason.CaughtUp,
            messages: [new(Incident, new AcknowledgeBySource())]);

    [Fact]
    public void An_incident_whose_problem_ended_before_it_was_there_is_told_so() =>
        Given(Some.Group, Ended).When(new CatchUp(Some.Incident, 1, Severity.Warning)).Then(Reason.EndedMeanwhile,
            messages: [new(Incident, new EndProblem(Some.Group, 1, Reason.EndedMeanwhile))]);

    [Fact]
    public void An_incident_of_an_earlier_episode_is_told_that_that_has_ended() =>
        Given(Some.Group, [.. Ended, Opened with { Incident = "NEXT" }]).When(new CatchUp(Some.Incident, 1, Severity.Warning)).Then(Reason.EndedMeanwhile,
            messages: [new(Incident, new EndProblem(Some.Group, 1, Reason.EndedMeanwhile))]);

    [Fact]
    public void When_the_later_incident_has_ended_too_an_earlier_one_is_told_that_every_episode_has() =>
        Given(Some.Group, [.. Ended, Opened with { Incident = "NEXT" }, .. Ended[1..]]).When(new CatchUp(Some.Incident, 1, Severity.Warning)).Then(Reason.EndedMeanwhile,
            messages: [new(Incident, new EndProblem(Some.Group, 2, Reason.EndedMeanwhile))]);

    [Fact]
    public void A_problem_past_the_budget_belongs_to_the_storm_incident_from_then_on()
    {
        var scenario = Given(Some.Group, Opened, Critical).When(new JoinStorm(Some.Incident, Storm, 1, Severity.Error)).Then(Reason.JoinedStorm,
            [new GroupMoved(Storm, Reason.JoinedStorm)],
            [new(StreamId.Incident(Storm), new UpdateFromSource(Some.Group, 2, Severity.Critical, "alert b"))]);
        Assert.Equal(Storm, scenario.State<GroupState>().Incident);
    }

    [Fact]
    public void A_problem_that_ended_while_the_storm_took_it_in_is_taken_off_it_again() =>
        Given(Some.Group, Ended).When(new JoinStorm(Some.Incident, Storm, 1, Severity.Critical)).Then(Reason.JoinedStorm, [new GroupMoved(Storm, Reason.JoinedStorm)],
            [new(StreamId.Incident(Storm), new EndProblem(Some.Group, 1, Reason.EndedMeanwhile))]);

    [Fact]
    public void A_storm_does_not_wait_for_an_episode_that_has_ended_and_the_one_that_fires_is_left_alone() =>
        Given(Some.Group, [.. Ended, Opened with { Incident = "NEXT" }]).When(new JoinStorm(Some.Incident, Storm, 1, Severity.Critical)).Then(Reason.EndedMeanwhile,
            messages: [new(StreamId.Incident(Storm), new EndProblem(Some.Group, 1, Reason.EndedMeanwhile))]);

    [Fact]
    public void An_incident_that_knows_only_the_first_episode_hears_of_the_second() =>
        Given(Some.Group, [.. Ended, new GroupReopened(Some.Incident, Some.Seen(), Some.Now, null)]).When(new CatchUp(Some.Incident, 1, Severity.Warning)).Then(Reason.CaughtUp,
            messages:
            [
                new(Incident, new ReopenBySource(Some.Group, 2, Severity.Critical, "alert a")),
                new(Incident, new UpdateFromSource(Some.Group, 1, Severity.Critical, "alert a")),
            ]);

    [Fact]
    public void The_end_of_an_incident_that_had_not_heard_of_the_group_firing_again_is_late() =>
        Given(Some.Group, [.. Ended, new GroupReopened(Some.Incident, Some.Seen(), Some.Now, null)]).When(new EndGroup(Some.Incident, 1)).ThenNothing(Reason.GroupAlreadyQuiet);

    [Fact]
    public void A_person_reopens_an_incident_that_had_not_heard_of_a_more_urgent_alert() =>
        Given(Some.Group, Opened, Critical, new GroupEnded(Some.Now)).When(new RejoinIncident(Some.Incident, 2, Severity.Warning)).Then(Reason.Reopened,
            [new GroupRejoined([], null)], [new(Incident, new UpdateFromSource(Some.Group, 2, Severity.Critical, "alert b"))]);

    [Fact]
    public void A_group_whose_incident_is_closed_for_good_asks_for_one_of_its_own() =>
        Given(Some.Group, [.. Ended, new GroupReopened("CLOSED", Some.Seen(), Some.Now, null)]).When(new StartAnew("CLOSED")).Then(Reason.ClosedStaysClosed,
            [new GroupMoved(Some.Incident, Reason.ClosedStaysClosed)],
            [new(StreamId.Service("shop"), new AdmitProblem(Some.Group, 2, Some.Incident, "alert a", Severity.Critical, Some.Labels))]);

    [Fact]
    public void A_group_that_ended_again_needs_no_incident_of_its_own() =>
        Given(Some.Group, Ended).When(new StartAnew(Some.Incident)).ThenNothing(Reason.GroupAlreadyQuiet);

    [Fact]
    public void The_incident_ended_by_somebodys_word_ends_the_group() =>
        Given(Some.Group, Opened).When(new EndGroup(Some.Incident, 1)).Then(Reason.IncidentEnded, [new GroupEnded(Some.Now)])
            .When(new EndGroup(Some.Incident, 1)).ThenNothing(Reason.GroupAlreadyQuiet);

    [Fact]
    public void The_end_of_another_incident_does_not_end_the_group() =>
        Given(Some.Group, Opened).When(new EndGroup("OTHER", 1)).ThenNothing(Reason.GroupAlreadyQuiet);

    [Fact]
    public void A_person_reopens_the_incident_and_alerts_that_still_fire_belong_to_it_again()
    {
        var state = Given(Some.Group, Opened, new GroupEnded(Some.Now)).When(new RejoinIncident(Some.Incident, 2, Severity.Critical)).Then(Reason.Reopened, [new GroupRejoined([], null)]).State<GroupState>();
        Assert.True(state is { Open: true, Firing: 1, Episode: 2 });
    }

    [Fact]
    public void An_alert_that_fell_silent_meanwhile_no_longer_fires_and_the_others_are_watched()
    {
        var watched = Opened with { First = Some.Seen(expires: 5), ArmedFor = Some.In(5) };
        var later = new AlertFired(Some.Incident, Some.Seen("b", expires: 30), Some.Now, Some.In(5));
        var state = Given(Some.Group, watched, later, new GroupEnded(Some.Now)).When(new RejoinIncident(Some.Incident, 2, Severity.Critical), Some.In(10)).Then(Reason.Reopened,
            [new GroupRejoined([0], Some.In(30))],
            [new(Some.Group, new ExpireAlerts(Some.In(30)), Some.In(30)), new(Incident, new UpdateFromSource(Some.Group, 2, null, "alert b"))]).State<GroupState>();
        Assert.True(state is { Open: true, Firing: 1 });
    }

    [Fact]
    public void A_group_whose_alerts_all_fell_silent_meanwhile_has_no_news() =>
        Given(Some.Group, Opened with { First = Some.Seen(expires: 5), ArmedFor = Some.In(5) }, Critical with { Alert = Some.Seen("b", expires: 5), ArmedFor = Some.In(5) }, new GroupEnded(Some.Now))
            .When(new RejoinIncident(Some.Incident, 2, Severity.Critical), Some.In(10)).Then(Reason.Reopened, [new GroupRejoined([0, 1], null)]);

    [Fact]
    public void Only_a_quiet_group_whose_last_incident_it_was_rejoins_an_incident()
    {
        Given(Some.Group, Opened).When(new RejoinIncident(Some.Incident, 2, Severity.Critical)).ThenNothing(Reason.GroupTimerLate);
        Given(Some.Group, Opened with { Incident = "NEXT" }, new GroupEnded(Some.Now)).When(new RejoinIncident(Some.Incident, 2, Severity.Critical)).ThenNothing(Reason.GroupTimerLate);
    }

    [Fact]
    public void A_group_that_has_a_newer_incident_does_not_go_back() =>
        Given(Some.Group, [.. Ended, Opened with { Incident = "NEXT" }]).When(new RejoinIncident(Some.Incident, 2, Severity.Critical)).ThenNothing(Reason.GroupTimerLate);

    [Fact]
    public void A_group_that_opened_and_ended_again_meanwhile_is_not_opened_by_a_late_word() =>
        Given(Some.Group, [.. Ended, new GroupReopened(Some.Incident, Some.Seen(), Some.Now, null), new GroupEnded(Some.Now)])
            .When(new RejoinIncident(Some.Incident, 2, Severity.Critical)).ThenNothing(Reason.GroupTimerLate);
}
