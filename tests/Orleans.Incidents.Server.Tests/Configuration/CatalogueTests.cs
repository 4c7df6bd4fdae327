using Incidents.Alerts;
using Incidents.Identities;
using Incidents.Responders;
using Incidents.Server.Configuration;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Tests.Configuration;

public sealed class CatalogueTests
{
    [Fact]
    public void Defaults_hold_where_nothing_is_said()
    {
        var catalogue = ConfigText.Catalogue(ConfigText.Valid.Replace("        timeout: 5m\n", "", StringComparison.Ordinal));
        Assert.Equal(new ServiceDefinition("checkout", "checkout", "", "default", Severity.Error, ServiceDefinition.DefaultOpeningBudget), catalogue.Services["checkout"]);
        Assert.Equal((0, Duration.FromMinutes(5)), (catalogue.Policies["default"].Repeat, catalogue.Policies["default"].Steps.Single().Timeout));
        Assert.Equal("alice", catalogue.Responders["alice"].Name);
        Assert.Equal((Duration.FromMinutes(5), LabelSet.Empty), (catalogue.Integrations["prom"].ResolveTimeout, catalogue.Integrations["prom"].DefaultLabels));
        Assert.Null(catalogue.Identities["bot"].RequestBudget);
        Assert.Equal((true, false), (catalogue.Identities["alice"].MayOperate, catalogue.Identities["bot"].MayOperate));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    public void No_reserve_is_said_with_a_zero(string zero) => Assert.Equal(
        ServiceDefinition.NoReserve, ConfigText.Catalogue(ConfigText.Valid.Replace("    policy: default", $"    policy: default\n    critical_reserve: {zero}", StringComparison.Ordinal)).Services["checkout"].CriticalReserve);

    [Fact]
    public void What_is_said_arrives()
    {
        var catalogue = ConfigText.Catalogue(ConfigText.Valid
            .Replace("    policy: default", "    policy: default\n    title: Shop\n    owner: payments\n    page_from: info\n    opening_budget: 5/10m burst 9\n    acknowledgement_lease: 2h\n    critical_reserve: 2/1d burst 1", StringComparison.Ordinal)
            .Replace("    identity: bot", "    identity: bot\n    default_labels: {team: x}\n    resolve_timeout: 1h\n    severity_map: {page: critical}", StringComparison.Ordinal)
            .Replace("kind: service", "kind: agent\n    request_budget: 2/1s\n    may_operate: true\n    token: env:TOKEN2", StringComparison.Ordinal));
        Assert.Equal(new ServiceDefinition("checkout", "Shop", "payments", "default", Severity.Info, new Budget(5, Duration.FromMinutes(10), 9), Duration.FromHours(2), new Budget(2, Duration.FromDays(1), 1)), catalogue.Services["checkout"]);
        var integration = catalogue.Integrations["prom"];
        Assert.Equal(("alertmanager-webhook-v4", "bot", LabelSet.Of("team", "x"), Duration.FromHours(1)), (integration.Format, integration.Identity, integration.DefaultLabels, integration.ResolveTimeout));
        Assert.Equal((IdentityKind.Agent, "alice", new Budget(2, Duration.FromSeconds(1), 2), true), (catalogue.Identities["bot"].Kind, catalogue.Identities["bot"].Sponsor, catalogue.Identities["bot"].RequestBudget, catalogue.Identities["bot"].MayOperate));
        Assert.Equal(Instant.FromUtc(2035, 1, 1, 0, 0), catalogue.Identities["bot"].ExpiresAt);
        Assert.Equal(64, catalogue.Identities["bot"].CredentialHash!.Length);
        Assert.Equal(new Contact("webhook", "https://pager.example.com/", "env:SIGNING"), catalogue.Responders["alice"].Contacts.Single());
    }

    [Fact]
    public void An_integration_without_identity_gets_a_service_account_of_its_own()
    {
        var catalogue = ConfigText.Catalogue(ConfigText.Valid.Replace("    identity: bot", "    sponsor: alice\n    expires: 2031-05-01\n    request_budget: 9/1m", StringComparison.Ordinal));
        Assert.Equal("integration-prom", catalogue.Integrations["prom"].Identity);
        Assert.Equal(
            new IdentityDefinition("integration-prom", IdentityKind.Service, "alice", Instant.FromUtc(2031, 5, 1, 0, 0), new Budget(9, Duration.FromMinutes(1), 9), null, false),
            catalogue.Identities["integration-prom"]);
    }

    [Fact]
    public void Severity_map_wins_over_the_translator_and_ignores_case()
    {
        var map = IntegrationDefinition.NoSeverities.Add("page", Severity.Critical);
        var integration = new IntegrationDefinition("a", "f", "i", LabelSet.Empty, Duration.Zero, "") { SeverityMap = map };
        Assert.Equal(Severity.Critical, integration.SeverityOf("PAGE", Severity.Info));
        Assert.Equal(Severity.Info, integration.SeverityOf("info", Severity.Info));
        Assert.Null(integration.SeverityOf("odd", null));
        Assert.Equal(Severity.Error, integration.SeverityOf(null, Severity.Error));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("services:\npolicies: {}\nresponders: ~\nidentities: null\nintegrations:\n")]
    public void Empty_sections_declare_nothing(string yaml) => Assert.Empty(ConfigText.Catalogue(yaml).Services);

    [Fact]
    public void The_order_of_sections_makes_no_difference()
    {
        var sections = ConfigText.Valid.Split('\n').Aggregate(new List<string>(), (all, line) =>
        {
            if (line[0] == ' ')
                all[^1] += line + "\n";
            else
                all.Add(line + "\n");
            return all;
        });
        sections.Reverse();
        Assert.Equal(["alice", "bot"], ConfigText.Catalogue(string.Concat(sections)).Identities.Keys);
    }

    [Fact]
    public void Load_reads_the_file_and_the_secrets_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("incidents-config-");
        try
        {
            var path = Path.Combine(folder.FullName, "incidents.yaml");
            File.WriteAllText(path, ConfigText.Valid.Replace("env:TOKEN", "file:token", StringComparison.Ordinal));
            var context = new LoadContext { CompileRoute = _ => [], Formats = ConfigText.Formats, Environment = ConfigText.Context.Environment };
            Assert.Equal($"{path}:26:12: integrations.prom.token: the file {folder.FullName}/token does not exist", ConfigLoader.Load(path, context).Errors.Single().ToString());
            File.WriteAllText(Path.Combine(folder.FullName, "token"), new string('x', 65537));
            Assert.EndsWith("/token cannot be read: larger than 65536 bytes", ConfigLoader.Load(path, context).Errors.Single().Message, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder.FullName, "token"), ConfigText.Token + "\n");
            Assert.True(ConfigLoader.Load(path, context).Succeeded);
            File.WriteAllBytes(path, new byte[ConfigLoader.MaxBytes + 1]);
            Assert.Equal($"{path}: is larger than 4 MiB", ConfigLoader.Load(path, context).Errors.Single().ToString());
            Assert.StartsWith($"{folder.FullName}: cannot be read: ", ConfigLoader.Load(folder.FullName, context).Errors.Single().ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_file_that_is_absent_is_an_error_without_a_position() =>
        Assert.Equal("no/such.yaml: does not exist", ConfigLoader.Load("no/such.yaml", ConfigText.Context).Errors.Single().ToString());
}
