using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Incidents.Server.Api;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Tests.Metrics;
using Incidents.Services;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Incidents.Server.Tests.Edge;

/// <summary>What the edge refuses before the engine hears of it, where a whole server would be hard to bring to it.</summary>
public sealed class RefusalTests
{
    private static readonly ManualTime Clock = new();
    private static readonly Instant Now = Engine.Time.Now(Clock);

    private static Catalogue Declared(Instant expiresAt)
    {
        var bot = new IdentityDefinition("bot", IdentityKind.Service, "alice", expiresAt, null, Registry.Hash("bot-token"), true);
        var source = new IntegrationDefinition("source", "generic-json", "bot", LabelSet.Empty, Duration.FromMinutes(5), Registry.Hash("source-token"));
        return Catalogue.Empty with { Identities = Catalogue.Empty.Identities.Add("bot", bot), Integrations = Catalogue.Empty.Integrations.Add("source", source) };
    }

    private static Credentials Credentials(Instant expiresAt)
    {
        var registry = new Registry(Declared(expiresAt));
        return new Credentials(() => registry, new Sessions(new byte[32], Clock), Clock);
    }

    [Theory]
    [InlineData("bot-token")]
    [InlineData("source-token")]
    public void A_token_is_good_until_the_identitys_authority_ends_and_not_at_that_moment(string token)
    {
        Assert.Equal("bot", Credentials(Now + Duration.Epsilon).Find(token)!.Identity.Id);
        Assert.Equal(Reason.CredentialExpired, Assert.Throws<RefusedException>(() => Credentials(Now).Find(token)).Reason);
    }

    [Fact]
    public async Task Alerts_that_no_route_takes_are_refused_and_counted()
    {
        var folder = Directory.CreateTempSubdirectory("incidents-");
        try
        {
            using var data = new DataFolder(folder.FullName);
            await using var runtime = new Runtime(data, Clock, TextWriter.Null, new EngineOptions());
            runtime.Start();
            var registry = new Registry(Declared(Now + Duration.FromDays(1)));
            var principal = Credentials(Now + Duration.FromDays(1)).Find("source-token")!;
            var intake = new Intake(runtime, () => registry, new Admission(Clock), 1 << 20);
            var refused = await Assert.ThrowsAsync<RefusedException>(() =>
                intake.TakeAsync(new DefaultHttpContext(), principal, principal.Integration!, "{\"title\":\"Disk full\"}"u8.ToArray()));
            Assert.Equal((Reason.NoRoute, 422), (refused.Reason, Problems.Status(refused.Reason)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_command_that_waits_for_a_node_of_an_older_version_is_answered_with_when_to_give_it_again()
    {
        var folder = Directory.CreateTempSubdirectory("incidents-");
        try
        {
            using var data = new DataFolder(folder.FullName);
            await using var runtime = new Runtime(data, Clock, TextWriter.Null, new EngineOptions());
            runtime.Start();
            var refused = await Assert.ThrowsAsync<RefusedException>(() => IncidentsApi.InTimeAsync(runtime, Task.FromResult(new CallAnswer(Reason.NodesOfAnOlderVersion, false, 0, 0))));
            Assert.Equal((Reason.NodesOfAnOlderVersion, Duration.FromSeconds(10)), (refused.Reason, refused.RetryAfter));
            Assert.Equal(Reason.Noted, (await IncidentsApi.InTimeAsync(runtime, Task.FromResult(new CallAnswer(Reason.Noted, true, 1, 1)))).Reason);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
