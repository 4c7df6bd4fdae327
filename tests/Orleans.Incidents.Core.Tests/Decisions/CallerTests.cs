using Incidents.Decisions;
using Incidents.Identities;

namespace Incidents.Core.Tests.Decisions;

public class CallerTests
{
    private static readonly Caller ForAlice = Some.Agent with { OnBehalfOf = "alice" };

    [Fact]
    public void The_budgets_of_the_one_who_is_acted_for_are_charged_else_the_ones_own() =>
        Assert.Equal(("alice", "triage-agent"), (ForAlice.Authority, Some.Agent.Authority));

    [Fact]
    public void What_somebody_armed_the_engine_does_for_them() =>
        Assert.Equal(new Caller("engine", IdentityKind.Service, "monitoring"), Some.Monitoring.WhenDue());

    [Fact]
    public void What_the_engine_armed_for_somebody_is_still_for_that_one() =>
        Assert.Equal(Some.Monitoring.WhenDue(), Some.Monitoring.WhenDue().WhenDue());

    // They are stored with every event.
    [Fact]
    public void The_names_of_the_engine_and_of_the_file_are_fixed_for_ever() => Assert.Equal(("engine", "config"), (Caller.Engine.Id, Caller.Config.Id));
}
