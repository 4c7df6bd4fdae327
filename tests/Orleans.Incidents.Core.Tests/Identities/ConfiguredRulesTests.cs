using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Identities;
using Incidents.Routing;
using Incidents.Routing.Intervals;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Identities;

public class ConfiguredRulesTests
{
    private static readonly IdentityDefinition Bot = new("bot", IdentityKind.Agent, "alice", Some.In(60), null, null, true);

    [Theory]
    [InlineData(IdentityKind.Service)]
    [InlineData(IdentityKind.Agent)]
    public void Nothing_but_a_human_acts_without_a_human_sponsor(IdentityKind kind) =>
        Given(StreamId.Identity("bot")).When(new ConfigureIdentity(Bot with { Kind = kind, Sponsor = null })).ThenNothing(Reason.SponsorMissing);

    [Fact]
    public void A_human_answers_for_themselves() =>
        Assert.Equal(Reason.Configured, Given(StreamId.Identity("alice")).When(new ConfigureIdentity(Bot with { Kind = IdentityKind.Human, Sponsor = null })).Decision.Reason);

    [Fact]
    public void Entries_are_set_and_set_again()
    {
        Given(StreamId.Identity("bot")).When(new ConfigureIdentity(Bot)).Then(Reason.Configured, [new IdentityConfigured(Bot)])
            .When(new ConfigureIdentity(Bot with { MayOperate = false })).Then(Reason.Configured, [new IdentityConfigured(Bot with { MayOperate = false })]);
        var integration = new IntegrationDefinition("prod", "alertmanager-webhook", "bot", LabelSet.Empty, Duration.FromMinutes(5), "hash");
        Given(StreamId.Integration("prod")).When(new ConfigureIntegration(integration)).Then(Reason.Configured, [new IntegrationConfigured(integration)]);
        var email = new EmailServer("mail.example.com", 587, EmailSecurity.StartTls, "oncall@example.com", "oncall", "env:PASSWORD");
        Given(StreamId.Email).When(new ConfigureEmail(email)).Then(Reason.Configured, [new EmailConfigured(email)]);
        var root = new RouteNode { Receiver = "shop" };
        ImmutableArray<TimeIntervalDefinition> nights = [new("nights", [new TimeInterval { Times = [new(0, 360)] }])];
        Given(StreamId.Routing).When(new ConfigureRouting(root) { TimeIntervals = nights }).Then(Reason.Configured, [new RoutingConfigured(root) { TimeIntervals = nights }]);
    }
}
