using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Escalation;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Services;

public class ServiceRulesTests
{
    private static readonly StreamId Shop = StreamId.Service("shop");
    private static readonly AdmitProblem Problem = new(Some.Group, 3, "P1", "alert a", Severity.Critical, Some.Labels);
    private static readonly ServiceConfigured Configured = new(Some.Service(burst: 1), Some.Policy);
    private static readonly ServiceConfigured Reserving = new(Some.Service(burst: 1, reserve: 1), Some.Policy);
    private static readonly GcraState Spent = Gcra.Charge(Some.Service(burst: 1).OpeningBudget, GcraState.Full, Some.Now, 1).State;
    private static readonly ProblemAdmitted Admitted = new(Some.OtherGroup, "P0", "monitoring", Spent);
    private static readonly StormStarted Storm = new(Some.OtherGroup, "STORM", "monitoring", Some.Now);

    private static OpenIncident Open(IncidentKind kind, string title) =>
        new(kind, "shop", title, Severity.Critical, Severity.Error, Some.Labels, Some.Group, 3, Some.Steps, 1, ServiceDefinition.DefaultAcknowledgementLease);

    [Fact]
    public void A_catalogue_entry_is_set() =>
        Given(Shop).When(new ConfigureService(Configured.Definition, Configured.Policy)).Then(Reason.Configured, [Configured]);

    [Fact]
    public void Within_the_budget_a_problem_opens_an_incident_with_the_services_policy() =>
        Given(Shop, Configured).When(Problem).Then(Reason.OpenedIncident, [new ProblemAdmitted(Some.Group, "P1", "monitoring", Spent)],
            [new(StreamId.Incident("P1"), Open(IncidentKind.Problem, "alert a"))]);

    [Fact]
    public void Past_the_budget_a_storm_incident_opens_in_its_place() =>
        Given(Shop, Configured, Admitted).When(Problem).Then(Reason.StormBegan, [new StormStarted(Some.Group, "P1", "monitoring", Some.Now)],
            [new(StreamId.Incident("P1"), Open(IncidentKind.Storm, "Storm on The shop: monitoring is past its opening budget; first: alert a"))]);

    [Fact]
    public void Past_the_budget_problems_join_the_storm_and_nothing_is_lost()
    {
        var scenario = Given(Shop, Configured, Admitted, Storm).When(Problem).Then(Reason.JoinedStorm, [new ProblemJoinedStorm(Some.Group, "STORM", "monitoring")],
            [new(StreamId.Incident("STORM"), new JoinIncident(Some.Group, 3, "P1", "shop", "alert a", Severity.Critical, Some.Labels))]);
        var storm = scenario.State<ServiceState>().Storm!;
        Assert.Equal((2, 2), (storm.Problems, storm.By["monitoring"]));
    }

    [Fact]
    public void Budgets_are_an_identitys_own() =>
        Assert.Equal(Reason.OpenedIncident, Given(Shop, Configured, Admitted, Storm).When(Problem, by: new Caller("other", IdentityKind.Service)).Decision.Reason);

    [Fact]
    public void What_is_earned_again_opens_incidents_during_a_storm_too() =>
        Assert.Equal(Reason.OpenedIncident, Given(Shop, Configured, Admitted, Storm).When(Problem, Some.In(60)).Decision.Reason);

    [Fact]
    public void Past_the_budget_a_critical_problem_opens_an_incident_from_the_reserve()
    {
        var scenario = Given(Shop, Reserving, Admitted, Storm).When(Problem).Then(Reason.OpenedFromReserve, [new CriticalAdmitted(Some.Group, "P1", "monitoring", Spent)],
            [new(StreamId.Incident("P1"), Open(IncidentKind.Problem, "alert a") with { Why = Reason.OpenedFromReserve })]);
        Assert.Equal(Spent, scenario.State<ServiceState>().Reserved["monitoring"]);
    }

    [Fact]
    public void Within_the_budget_a_critical_problem_leaves_the_reserve_alone() =>
        Assert.Empty(Given(Shop, Reserving).When(Problem).And().State<ServiceState>().Reserved);

    [Theory]
    [InlineData(Severity.Error)]
    [InlineData(Severity.Info)]
    [InlineData(null)]
    public void Only_critical_problems_charge_the_reserve(Severity? severity) =>
        Assert.Equal(Reason.JoinedStorm, Given(Shop, Reserving, Admitted, Storm).When(Problem with { Severity = severity }).Decision.Reason);

    [Fact]
    public void Past_the_reserve_a_critical_problem_joins_the_storm_and_says_why() =>
        Given(Shop, Reserving, Admitted, Storm, new CriticalAdmitted(Some.OtherGroup, "P0", "monitoring", Spent)).When(Problem).Then(Reason.ReserveSpent,
            [new ProblemJoinedStorm(Some.Group, "STORM", "monitoring")],
            [new(StreamId.Incident("STORM"), new JoinIncident(Some.Group, 3, "P1", "shop", "alert a", Severity.Critical, Some.Labels, Reason.ReserveSpent))]);

    [Fact]
    public void The_reserve_is_earned_back_and_an_identitys_own()
    {
        var spent = Given(Shop, Reserving, Admitted with { Spent = Gcra.Charge(Reserving.Definition.OpeningBudget, Spent, Some.In(60), 1).State }, Storm, new CriticalAdmitted(Some.OtherGroup, "P0", "monitoring", Spent));
        Assert.Equal(Reason.ReserveSpent, spent.When(Problem, Some.In(59)).Decision.Reason);
        Assert.Equal(Reason.OpenedFromReserve, spent.When(Problem, Some.In(60)).Decision.Reason);
    }

    [Fact]
    public void By_default_five_critical_problems_an_hour_open_past_the_budget()
    {
        var scenario = Given(Shop, Configured with { Definition = Configured.Definition with { CriticalReserve = null } }, Admitted, Storm);
        Reason[] reasons = [.. Enumerable.Range(0, 7).Select(_ => { var next = scenario.When(Problem); next.And(); return next.Decision.Reason; })];
        Assert.Equal([.. Enumerable.Repeat(Reason.OpenedFromReserve, 5), Reason.ReserveSpent, Reason.ReserveSpent], reasons);
    }

    [Fact]
    public void The_storm_is_over_when_its_incident_ends() =>
        Assert.Null(Given(Shop, Configured, Admitted, Storm).When(new EndStorm("STORM")).Then(Reason.StormOver, [new StormEnded("STORM")]).State<ServiceState>().Storm);

    [Fact]
    public void The_end_of_another_storm_changes_nothing() =>
        Given(Shop, Configured, Admitted, Storm).When(new EndStorm("EARLIER")).ThenNothing(Reason.NoSuchStorm);

    [Fact]
    public void A_service_that_the_catalogue_does_not_have_still_opens_incidents_under_its_name() =>
        Assert.Equal(
            Show.Of(new OpenIncident(IncidentKind.Problem, "gone", "alert a", Severity.Critical, Severity.Error, Some.Labels, Some.Group, 3, [], 0, ServiceDefinition.DefaultAcknowledgementLease)),
            Show.Of(Given(StreamId.Service("gone")).When(Problem).Decision.Messages.Single().Command));

    [Fact]
    public void A_problem_without_a_severity_opens_as_an_error() =>
        Assert.Equal(Severity.Error, ((OpenIncident)Given(Shop, Configured).When(Problem with { Severity = null }).Decision.Messages.Single().Command).Severity);

    [Fact]
    public void From_which_severity_on_an_incident_pages_is_its_services_word() =>
        Assert.Equal(Severity.Warning, ((OpenIncident)Given(Shop, Configured with { Definition = Configured.Definition with { PageFrom = Severity.Warning } })
            .When(Problem).Decision.Messages.Single().Command).PageFrom);

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public void The_services_lease_is_its_incidents(int minutes) => Assert.Equal(Duration.FromMinutes(minutes), ((OpenIncident)Given(Shop,
        new ServiceConfigured(Some.Service() with { AcknowledgementLease = Duration.FromMinutes(minutes) }, Some.Policy)).When(Problem).Decision.Messages.Single().Command).Lease);

    [Fact]
    public void A_changed_policy_holds_for_incidents_opened_after_it() =>
        Assert.Equal(0, ((OpenIncident)Given(Shop, Configured, Configured with { Policy = new PolicyDefinition("on-call", Some.Steps, 0) })
            .When(Problem).Decision.Messages.Single().Command).Repeat);
}
