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

public class GroupThresholdTests
{
    private static readonly OpeningThreshold Three = new(3, Duration.FromMinutes(10), Severity.Critical);
    private static readonly GroupTarget Late = Some.Target with { Threshold = Three };
    private static readonly GroupOpened Opened = Open(Some.Now);

    private static GroupOpened Open(Instant at, Severity? severity = Severity.Error) =>
        new("shop", Some.Labels, Some.Incident, true, Some.Seen(severity: severity), at, null) { Counting = Three };

    private static Signal Fire(string key = "a", Severity? severity = Severity.Error, GroupTarget? target = null) => Some.Trigger(key, severity, target: target ?? Late);

    private static AlertCounted Counted(int minute) => new(Some.Incident, 0, Some.In(minute));

    private static Message Ask(Severity severity = Severity.Error, string title = "alert a", long episode = 1) =>
        new(StreamId.Service("shop"), new AdmitProblem(Some.Group, episode, Some.Incident, title, severity, Some.Labels));

    private static int Count(Scenario scenario, Instant now) => Three.Counted(scenario.State<GroupState>().Occurrences, now);

    [Fact]
    public void The_first_alert_is_counted_and_asks_for_no_incident() =>
        Assert.Equal(1, Count(Given(Some.Group).When(Fire()).Then(Reason.CountedBelowThreshold, [Opened]), Some.Now));

    [Fact]
    public void A_repeat_is_counted() =>
        Assert.Equal(2, Count(Given(Some.Group, Opened).When(Fire(), Some.In(1)).Then(Reason.CountedBelowThreshold, [Counted(1)]), Some.In(1)));

    [Fact]
    public void A_further_alert_is_counted_and_belongs_to_the_group() =>
        Assert.Equal(2, Given(Some.Group, Opened).When(Fire("b"), Some.In(1)).Then(Reason.CountedBelowThreshold, [new AlertFired(Some.Incident, Some.Seen("b", Severity.Error), Some.In(1), null)])
            .State<GroupState>().Firing);

    [Fact]
    public void At_the_threshold_the_incident_is_asked_for_the_most_urgent_alert()
    {
        var state = Given(Some.Group, Open(Some.Now, Severity.Warning), Counted(1)).When(Fire("b"), Some.In(10)).Then(
            Reason.ThresholdReached, [new AlertFired(Some.Incident, Some.Seen("b", Severity.Error), Some.In(10), null), new ThresholdReached(Severity.Error, Waits: false)],
            [Ask(title: "alert b")]).State<GroupState>();
        Assert.Equal((false, 0, (OpeningThreshold?)null), (state.Waiting, state.Occurrences.Length, state.Counting));
    }

    [Fact]
    public void The_wait_follows_the_threshold() =>
        Given(Some.Group, Opened, Counted(1)).When(Fire(target: Late with { Wait = Duration.FromSeconds(30) }), Some.In(2)).Then(
            Reason.ThresholdReached, [Counted(2), new ThresholdReached(Severity.Error, Waits: true)], [new(Some.Group, new EndGroupWait(Some.Incident), Some.In(2) + Duration.FromSeconds(30))])
            .When(new EndGroupWait(Some.Incident)).Then(Reason.GroupWaitOver, [new GroupWaitEnded(Severity.Error)], [Ask()]);

    [Fact]
    public void What_is_older_than_the_window_no_longer_counts() =>
        Given(Some.Group, Opened, Counted(9)).When(Fire(), Some.In(10).PlusNanoseconds(1)).Then(Reason.CountedBelowThreshold, [new AlertCounted(Some.Incident, 0, Some.In(10).PlusNanoseconds(1))]);

    [Fact]
    public void An_urgent_alert_does_not_wait_for_the_threshold()
    {
        Given(Some.Group).When(Fire(severity: Severity.Critical)).Then(
            Reason.UrgentBeforeThreshold, [new GroupOpened("shop", Some.Labels, Some.Incident, false, Some.Seen(), Some.Now, null)], [Ask(Severity.Critical)]);
        Given(Some.Group, Opened).When(Fire("b", Severity.Critical)).Then(
            Reason.UrgentBeforeThreshold, [new AlertFired(Some.Incident, Some.Seen("b"), Some.Now, null), new ThresholdReached(Severity.Critical, Waits: false)], [Ask(Severity.Critical, "alert b")]);
    }

    [Fact]
    public void An_alert_without_a_severity_counts_as_error() =>
        Assert.Equal(Reason.UrgentBeforeThreshold, Given(Some.Group).When(Fire(severity: null, target: Late with { Threshold = Three with { AtOnceFrom = Severity.Error } })).Decision.Reason);

    [Fact]
    public void A_resolve_ends_the_alert_and_takes_no_occurrence_away()
    {
        var ended = Given(Some.Group, Opened, Counted(1)).When(Some.Resolve(), Some.In(2)).Then(
            Reason.ResolvedBySource, [new AlertsEnded([0], Reason.ResolvedBySource, Some.In(2)), new GroupEnded(Some.In(2))]);
        Assert.Equal(2, Count(ended, Some.In(2)));
        Assert.Equal(Reason.ThresholdReached, ended.When(Fire(), Some.In(3)).Decision.Reason);
    }

    [Fact]
    public void The_count_begins_anew_with_each_incident()
    {
        var second = Given(Some.Group, Opened, Counted(1), Counted(2), new ThresholdReached(Severity.Error, false), new AlertsEnded([0], Reason.ResolvedBySource, Some.In(3)), new GroupEnded(Some.In(3)));
        Assert.Equal(1, Count(second.When(Fire(), Some.In(4)).And(), Some.In(4)));
        Assert.Empty(Given(Some.Group, Opened, new GroupEnded(Some.In(1)), Open(Some.In(2)) with { Waits = false, Counting = null }).State<GroupState>().Occurrences);
    }

    [Fact]
    public void What_opened_and_ended_without_an_incident_counts_each_time()
    {
        IEvent[] opened = [Opened, new AlertsEnded([0], Reason.ResolvedBySource, Some.In(1)), new GroupEnded(Some.In(1)), Open(Some.In(2)), new AlertsEnded([0], Reason.ResolvedBySource, Some.In(3)), new GroupEnded(Some.In(3))];
        Assert.Equal(Reason.ThresholdReached, Given(Some.Group, opened).When(Fire(), Some.In(4)).Decision.Reason);
    }

    [Fact]
    public void A_group_remembers_no_more_times_than_its_threshold_counts() =>
        Assert.Equal(3, Given(Some.Group, Opened, Counted(20), Counted(40), Counted(60)).State<GroupState>().Occurrences.Length);

    [Fact]
    public void A_group_that_is_opened_again_within_its_window_needs_no_count() =>
        Assert.Equal(Reason.ReopenedWithinWindow, Given(Some.Group, Open(Some.Now) with { Waits = false, Counting = null }, new GroupEnded(Some.In(1)))
            .When(Fire(target: Late with { ReopenWindow = Duration.FromMinutes(5) }), Some.In(2)).Decision.Reason);

    [Fact]
    public void Another_threshold_of_the_route_holds_from_the_next_alert_on()
    {
        var five = Three with { After = 5 };
        Given(Some.Group, Opened, Counted(1)).When(Fire(target: Late with { Threshold = five }), Some.In(2))
            .Then(Reason.CountedBelowThreshold, [Counted(2), new ThresholdChanged(five)])
            .When(Fire(target: Some.Target), Some.In(3)).Then(Reason.OpenedGroup, [Counted(3), new ThresholdReached(Severity.Error, false)], [Ask()]);
    }

    [Fact]
    public void Nothing_is_folded_below_the_threshold() => Assert.Equal(-1, Folding.PlaceOfRepeat(Given(Some.Group, Opened).State<GroupState>(), Fire(), Some.Now));

    [Fact]
    public void An_alert_that_is_counted_does_not_end_by_silence_before_its_time() =>
        Assert.Equal(Some.In(6), Given(Some.Group, Opened with { First = Some.Seen(severity: Severity.Error, expires: 5) }, Counted(1)).State<GroupState>().Members[0].Deadline);

    [Fact]
    public void Nobody_is_paged_by_four_of_five_and_once_by_the_fifth()
    {
        var world = new World(folds: true).Configured(Some.Service());
        for (var i = 1; i <= 5; i++)
        {
            Assert.Empty(world.Incidents);
            world.Post(Some.Group, Fire(target: Late with { Threshold = Three with { After = 5 } }), Some.Monitoring);
            world.Run();
        }

        Assert.Equal(IncidentStatus.Active, Assert.Single(world.Incidents).State.Status);
    }
}
