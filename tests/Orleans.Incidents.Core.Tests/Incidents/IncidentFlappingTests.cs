using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Incidents;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Incidents;

public class IncidentFlappingTests
{
    private static readonly StreamId Self = StreamId.Incident(Some.Incident);

    private static readonly IncidentOpened Opened = new(
        IncidentKind.Problem, IncidentStatus.Triage, "shop", "alert a", Severity.Warning, Severity.Error, Some.Labels, Some.Group, 1, Some.Steps, 0, Some.Now);

    private static readonly IncidentFlapped Flapped = new(Some.Group, 4, Some.Now, Some.In(3), IsOver: false);

    private static ReportFlapping Report(long times = 4, long episode = 1, bool isOver = false) => new(Some.Group, episode, times, Some.Now, Some.In(3), isOver);

    [Fact]
    public void An_incident_writes_down_that_its_group_flaps() =>
        Assert.Equal(4, Given(Self, Opened).When(Report()).Then(Reason.GroupFlaps, [Flapped]).State<IncidentState>().Flapping[Some.Group].Times);

    [Fact]
    public void It_writes_down_a_larger_count_and_never_the_same_one_again() =>
        Given(Self, Opened, Flapped).When(Report()).ThenNothing(Reason.GroupFlaps)
            .When(Report(5)).Then(Reason.GroupFlaps, [Flapped with { Times = 5 }]);

    [Fact]
    public void The_end_of_flapping_is_written_down_once_more_with_the_count() =>
        Assert.Empty(Given(Self, Opened, Flapped).When(Report(9, isOver: true)).Then(Reason.GroupNoLongerFlaps, [Flapped with { Times = 9, IsOver = true }]).State<IncidentState>().Flapping);

    [Fact]
    public void What_comes_late_or_after_the_end_is_not_written_down()
    {
        Given(Self, Opened with { Episode = 2 }).When(Report()).ThenNothing(Reason.GroupAlreadyQuiet);
        Given(Self, Opened, new ProblemJoined(Some.OtherGroup, 1, "b"), new ProblemEnded(Some.Group, Reason.ResolvedBySource)).When(Report()).ThenNothing(Reason.GroupAlreadyQuiet);
        Given(Self, Opened, new IncidentResolved("alice", Reason.Resolved, Some.Now)).When(Report()).ThenNothing(Reason.IncidentEnded);
    }

    [Fact]
    public void What_ends_flaps_no_longer()
    {
        Assert.Empty(Given(Self, Opened, Flapped, new ProblemEnded(Some.Group, Reason.ResolvedBySource)).State<IncidentState>().Flapping);
        Assert.Empty(Given(Self, Opened, Flapped, new IncidentResolved("alice", Reason.Resolved, Some.Now)).State<IncidentState>().Flapping);
    }
}
