using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Responders;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;
using static Incidents.Core.Tests.Incidents.SomeIncident;

namespace Incidents.Core.Tests.Incidents;

public class StormGrowthTests
{
    private static readonly IncidentAcknowledged Taken = new("alice", Reason.Acknowledged, Some.Now + Lease);

    private static IEvent[] StormOf(int problems) =>
        [Opened(kind: IncidentKind.Storm) with { Lease = Lease }, FirstStep, .. Enumerable.Range(100, problems - 1).Select(n => new ProblemJoined(Group(n), 1, $"alert {n}"))];

    private static StreamId Group(int n) => StreamId.GroupByLabels("shop", (ulong)n);

    private static JoinIncident Joins(int n, Severity? severity = Severity.Error) => new(Group(n), 1, "P", "shop", $"alert {n}", severity, Some.Labels);

    [Theory]
    [InlineData(1, 11)]
    [InlineData(10, 20)]
    [InlineData(20, 40)]
    public void An_acknowledgement_covers_twice_as_many_problems_and_at_least_ten_more(int taken, int covered)
    {
        var scenario = Given(Self, [.. StormOf(taken), Taken]);
        for (var n = taken; n < covered; n++)
            Assert.Equal(Reason.JoinedStorm, Step(scenario, Joins(1000 + n)));
        Assert.Equal(Reason.StormGrew, Step(scenario, Joins(1000 + covered)));
        var state = scenario.State<IncidentState>();
        Assert.Equal((null, true, IncidentStatus.Active), (state.AcknowledgedBy, state.Escalation!.Running, state.Status));
    }

    [Fact]
    public void It_ends_the_acknowledgement_and_pages_the_first_step_with_the_number_of_problems()
    {
        var decision = Given(Self, [.. StormOf(1), Taken, .. Enumerable.Range(500, 10).Select(n => new ProblemJoined(Group(n), 1, "more"))]).When(Joins(70)).Decision;
        Assert.Equal(
            [typeof(ProblemJoined), typeof(AcknowledgementExpired), typeof(StepPaged)], decision.Events.Select(e => e.GetType()));
        Assert.Equal(("alice", Reason.StormGrew), (((AcknowledgementExpired)decision.Events[1]).By, ((AcknowledgementExpired)decision.Events[1]).Why));
        Assert.Equal("alert a (12 problems)", decision.Messages.Select(m => m.Command).OfType<PageResponder>().Single().Title);
    }

    [Fact]
    public void However_fast_it_grows_it_pages_again_only_when_it_has_doubled()
    {
        var scenario = Given(Self, [.. StormOf(20), Taken]);
        var pages = 0;
        for (var n = 0; n < 1_000; n++)
        {
            if (Step(scenario, Joins(5000 + n)) != Reason.StormGrew)
                continue;
            pages++;
            scenario.When(new AcknowledgeIncident(), by: Some.Alice).And();
        }

        Assert.Equal(5, pages);
    }

    [Fact]
    public void While_somebody_is_being_looked_for_nobody_is_paged_anew()
    {
        var scenario = Given(Self, StormOf(20));
        Assert.All(Enumerable.Range(0, 200), n => Assert.Equal(Reason.JoinedStorm, Step(scenario, Joins(5000 + n))));
    }

    [Fact]
    public void When_the_policy_ran_out_and_nobody_answered_growth_begins_it_again()
    {
        var scenario = Given(Self, [.. StormOf(20), new EscalationExhausted(Reason.StepTimedOut)]);
        Reason[] reasons = [.. Enumerable.Range(0, 21).Select(n => Step(scenario, Joins(5000 + n)))];
        Assert.Equal([.. Enumerable.Repeat(Reason.JoinedStorm, 20), Reason.StormGrew], reasons);
    }

    [Fact]
    public void What_a_person_does_on_the_storm_counts_anew()
    {
        var scenario = Given(Self, [.. StormOf(20), Taken]);
        for (var n = 0; n < 15; n++)
            Step(scenario, Joins(5000 + n));
        scenario.When(new AddNote("a switch died"), Some.In(1), Some.Alice).And();
        Assert.Equal(35, scenario.State<IncidentState>().KnownGroups);
    }

    [Fact]
    public void A_problem_that_comes_and_goes_is_counted_once_and_what_pages_nobody_pages_nobody()
    {
        var scenario = Given(Self, [.. StormOf(20), Taken]);
        for (var n = 1; n < 100; n++)
            Assert.Equal(Reason.JoinedStorm, Step(scenario, Joins(5000) with { Episode = n }));
        for (var n = 0; n < 100; n++)
            Assert.Equal(Reason.JoinedStorm, Step(scenario, Joins(6000 + n, Severity.Warning)));
        Assert.Equal("alice", scenario.State<IncidentState>().AcknowledgedBy);
    }

    private static Reason Step(Scenario scenario, ICommand command)
    {
        var outcome = scenario.When(command);
        outcome.And();
        return outcome.Decision.Reason;
    }
}
