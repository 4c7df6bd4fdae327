using System.Text.Json;
using System.Text.RegularExpressions;
using Incidents.Alerts;
using Incidents.Delivery;
using Incidents.Server.Configuration;
using Incidents.Server.Configuration.Reading;
using Incidents.Services;

namespace Incidents.Server.Tests.Configuration;

/// <summary>The JSON Schema says the same as the loader.</summary>
public sealed class ConfigSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(ConfigExample.Schema).RootElement;

    /// <summary>For each shape: a file with one key of it (<c>KEY</c>) holding a value that is wrong whatever the key, and the shape's path.</summary>
    private static readonly Dictionary<string, (string Yaml, string Path)> Places = new()
    {
        ["root"] = ("KEY: [[]]", ""),
        ["responder"] = ("responders: {x: {KEY: [[]]}}", "responders.x."),
        ["contact"] = ("responders: {x: {contacts: [{KEY: [[]]}]}}", "responders.x.contacts[0]."),
        ["policy"] = ("policies: {x: {KEY: [[]]}}", "policies.x."),
        ["step"] = ("policies: {x: {steps: [{KEY: [[]]}]}}", "policies.x.steps[0]."),
        ["service"] = ("services: {x: {KEY: [[]]}}", "services.x."),
        ["identity"] = ("identities: {x: {KEY: [[]]}}", "identities.x."),
        ["integration"] = ("integrations: {x: {KEY: [[]]}}", "integrations.x."),
        ["email"] = ("email: {KEY: [[]]}", "email."),
        ["watchdog"] = ("watchdog: {KEY: [[]]}", "watchdog."),
        ["intervals"] = ("time_intervals: [{KEY: [[]]}]", "time_intervals[0]."),
        ["interval"] = ("time_intervals: [{time_intervals: [{KEY: [[]]}]}]", "time_intervals[0].time_intervals[0]."),
        ["times"] = ("mute_time_intervals: [{time_intervals: [{times: [{KEY: [[]]}]}]}]", "mute_time_intervals[0].time_intervals[0].times[0]."),
        ["route"] = ("route: {receiver: a, routes: [{KEY: [[]]}]}", "route.routes[0]."),
    };

    public static TheoryData<string> ShapeNames => [.. Shapes.All.Select(s => s.Name)];

    public static TheoryData<string, string> ShapeKeys
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var shape in Shapes.All)
            {
                foreach (var key in shape.Keys)
                    data.Add(shape.Name, key);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Schema_and_loader_know_the_same_keys(string name)
    {
        var shape = Shapes.All.Single(s => s.Name == name);
        var definition = name == "root" ? Schema : Definition(name);
        Assert.Equal(shape.Keys.Order(StringComparer.Ordinal), definition.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(shape.Required.Order(StringComparer.Ordinal), definition.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(r => r.GetString()!).Order(StringComparer.Ordinal) : []);
        Assert.False(definition.GetProperty("additionalProperties").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(ShapeKeys))]
    public void Every_known_key_is_really_read(string shape, string key)
    {
        var (yaml, path) = Places[shape];
        Assert.Contains(ConfigText.Load(yaml.Replace("KEY", key, StringComparison.Ordinal)).Errors, e => e.Path.StartsWith(path + key, StringComparison.Ordinal) && e.Message.StartsWith("expected ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_reference_inside_the_schema_leads_somewhere()
    {
        var references = Regex.Matches(ConfigExample.Schema, @"""\$ref"": ""#/\$defs/(?<name>[a-z]+)""", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.NotEmpty(references);
        Assert.All(references, r => Definition(r.Groups["name"].Value));
    }

    [Fact]
    public void Patterns_accept_what_the_loader_accepts()
    {
        Agree("duration", ScalarGrammarTests.GoodDurations, ScalarGrammarTests.BadDurations);
        Agree("budget", ScalarGrammarTests.GoodBudgets, ScalarGrammarTests.BadBudgets);
        Agree("moment", ScalarGrammarTests.GoodMoments, ScalarGrammarTests.BadMoments);
        Agree("id", ScalarGrammarTests.GoodIds, ScalarGrammarTests.BadIds);
        Agree("address", EmailConfigTests.GoodAddresses, EmailConfigTests.BadAddresses);
        Agree("daytime", ["00:00", "09:30", "23:59", "24:00"], ["9:00", "24:30", "01:99", "25:00", ""]);
        Agree("secret", ["env:A_1", "file:a", "file:/a b"], ["env:", "env:1A", "env:a-b", "file:", "abc", ""]);
    }

    [Fact]
    public void Enumerations_hold_the_loaders_words()
    {
        Assert.Equal(Enum.GetValues<Severity>().Select(s => s.Name()), Words(Definition("severity")));
        Assert.All(Words(Property("contact", "channel")), w => Assert.DoesNotContain(ConfigText.Load($"responders: {{a: {{contacts: [{{channel: {w}}}]}}}}").Errors, e => e.Path.EndsWith("channel", StringComparison.Ordinal)));
        Assert.All(Words(Property("email", "tls")), w => Assert.Empty(ConfigText.Load($"email: {{host: a, from: a@b, tls: {w}}}").Errors));
        Assert.All(Words(Property("identity", "kind")), w => Assert.DoesNotContain(ConfigText.Load($"identities: {{a: {{kind: {w}}}}}").Errors, e => e.Path.EndsWith("kind", StringComparison.Ordinal)));
        Assert.Equal((3, 3, 3), (Words(Property("contact", "channel")).Count, Words(Property("identity", "kind")).Count, Words(Property("email", "tls")).Count));
    }

    [Fact]
    public void Defaults_are_the_loaders()
    {
        var catalogue = ConfigText.Catalogue(ConfigText.Valid.Replace("        timeout: 5m\n", "", StringComparison.Ordinal));
        var (service, policy) = (catalogue.Services["checkout"], catalogue.Policies["default"]);
        Assert.Equal(Texts.Duration(Default("step", "timeout").GetString()!), policy.Steps[0].Timeout);
        Assert.Equal(Texts.Duration(Default("integration", "resolve_timeout").GetString()!), catalogue.Integrations["prom"].ResolveTimeout);
        Assert.Equal(Texts.Budget(Default("service", "opening_budget").GetString()!), service.OpeningBudget);
        Assert.Equal(Texts.Budget(Default("service", "critical_reserve").GetString()!), service.CriticalReserve ?? ServiceDefinition.DefaultCriticalReserve);
        Assert.Equal(Texts.Duration(Default("service", "acknowledgement_lease").GetString()!), service.AcknowledgementLease ?? ServiceDefinition.DefaultAcknowledgementLease);
        Assert.Equal((Default("service", "page_from").GetString(), Default("service", "owner").GetString()), (service.PageFrom.Name(), service.Owner));
        Assert.Equal((Default("email", "tls").GetString(), EmailSecurity.StartTls), ("starttls", ConfigText.Catalogue("email: {host: a, from: a@b}").Email!.Tls));
        var watchdog = ConfigText.Catalogue("policies: {p: {steps: [{targets: [r]}]}}\nresponders: {r: }\nservices: {s: {policy: p}}\nwatchdog: {service: s}").Watchdog!;
        Assert.Equal((Texts.Duration(Default("watchdog", "every").GetString()!), Texts.Duration(Default("watchdog", "late_after").GetString()!)), (watchdog.Every, watchdog.LateAfter));
        Assert.Equal(Texts.Duration(Default("integration", "grace").GetString()!), Heartbeats.HeartbeatRule.DefaultGrace);
        Assert.Equal((Default("policy", "repeat").GetInt32(), Default("route", "continue").GetBoolean()), (policy.Repeat, catalogue.Route!.Continue));
    }

    [Fact]
    public void The_schema_is_shipped_beside_the_server() => Assert.Equal(
        ConfigExample.Schema, File.ReadAllText(Path.Combine(Path.GetDirectoryName(typeof(ConfigExample).Assembly.Location)!, "incidents.schema.json")));

    private static void Agree(string definition, string[] good, string[] bad)
    {
        var pattern = new Regex(Definition(definition).GetProperty("pattern").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.All(good, t => Assert.Matches(pattern, t));
        Assert.All(bad, t => Assert.DoesNotMatch(pattern, t));
    }

    private static JsonElement Definition(string name) => Schema.GetProperty("$defs").GetProperty(name);

    private static JsonElement Property(string definition, string key) => Definition(definition).GetProperty("properties").GetProperty(key);

    private static JsonElement Default(string definition, string key) => Property(definition, key).GetProperty("default");

    private static List<string> Words(JsonElement element) => [.. element.GetProperty("enum").EnumerateArray().Select(w => w.GetString()!)];
}
