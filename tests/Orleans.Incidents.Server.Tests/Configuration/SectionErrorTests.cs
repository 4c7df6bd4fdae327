namespace Incidents.Server.Tests.Configuration;

/// <summary>One theory a section: the valid file is spoilt in one place, and exactly these errors come out.</summary>
public sealed class SectionErrorTests
{
    [Theory]
    [InlineData("services:\n", "service:\n", "incidents.yaml:20:1: unknown key \"service\"; did you mean \"services\"?", "incidents.yaml:29:13: route.receiver: no service or policy is called \"checkout\" (services: none; policies: default)")]
    [InlineData("services:\n", "x: 1\nservices:\n", "incidents.yaml:20:1: unknown key \"x\" (known: identities, responders, policies, services, integrations, email, watchdog, time_intervals, mute_time_intervals, route)")]
    [InlineData("services:\n", "policies: {}\nservices:\n", "incidents.yaml:20:1: duplicate key \"policies\" (first on line 15)")]
    [InlineData("services:\n  checkout:\n    policy: default\n", "services: [checkout]\n", "incidents.yaml:20:11: services: expected a mapping, found a list", "incidents.yaml:27:13: route.receiver: no service or policy is called \"checkout\" (services: none; policies: default)")]
    public void Top_level(string piece, string by, params string[] expected) => Assert.Equal(expected, ConfigText.Spoilt(piece, by));

    [Theory]
    [InlineData("    policy: default", "    policy: sre", "incidents.yaml:22:13: services.checkout.policy: no policy is called \"sre\" (policies: default)")]
    [InlineData("    policy: default", "    polcy: default", "incidents.yaml:21:3: services.checkout.policy: is required", "incidents.yaml:22:5: services.checkout: unknown key \"polcy\"; did you mean \"policy\"?")]
    [InlineData("    policy: default", "    policy:", "incidents.yaml:22:12: services.checkout.policy: is empty")]
    [InlineData("    policy: default", "    policy: [default]", "incidents.yaml:22:13: services.checkout.policy: expected text, found a list")]
    [InlineData("    policy: default", "    policy: default\n    page_from: fatal", "incidents.yaml:23:16: services.checkout.page_from: expected critical, error, warning or info, found \"fatal\"")]
    [InlineData("    policy: default", "    policy: default\n    opening_budget: 20/h", "incidents.yaml:23:21: services.checkout.opening_budget: expected a budget such as \"120/1m burst 240\", found \"20/h\"")]
    [InlineData("    policy: default", "    policy: default\n    critical_reserve: none", "incidents.yaml:23:23: services.checkout.critical_reserve: expected a budget such as \"5/1h burst 5\", or 0 for none, found \"none\"")]
    [InlineData("    policy: default", "    policy: default\n    acknowledgement_lease: 2y", "incidents.yaml:23:28: services.checkout.acknowledgement_lease: must not be longer than 1y; 0s means for ever")]
    [InlineData("    policy: default", "    policy: default\n    title: {}", "incidents.yaml:23:12: services.checkout.title: expected text, found a mapping")]
    [InlineData("    policy: default", "    policy: default\n    owner: [x]", "incidents.yaml:23:12: services.checkout.owner: expected text, found a list")]
    [InlineData("    policy: default", "    policy: default\n  checkout:\n    policy: default", "incidents.yaml:23:3: services: duplicate key \"checkout\" (first on line 21)")]
    [InlineData("    policy: default", "    policy: default\n  Shop_: {policy: default}", "incidents.yaml:23:3: services: \"Shop_\" is not a name: use a-z, 0-9, - and _, at most 64, first and last a letter or digit")]
    public void Services(string piece, string by, params string[] expected) => Assert.Equal(expected, ConfigText.Spoilt(piece, by));

    [Theory]
    [InlineData("[alice]", "[bob, alice]", "incidents.yaml:18:19: policies.default.steps[0].targets[0]: no responder is called \"bob\" (responders: alice)")]
    [InlineData("[alice]", "[alice, alice]", "incidents.yaml:18:26: policies.default.steps[0].targets[1]: \"alice\" is in this step already")]
    [InlineData("[alice]", "[]", "incidents.yaml:18:18: policies.default.steps[0].targets: needs at least one responder")]
    [InlineData("[alice]", "alice", "incidents.yaml:18:18: policies.default.steps[0].targets: expected a list, found text")]
    [InlineData("timeout: 5m", "timeout: 5 minutes", "incidents.yaml:19:18: policies.default.steps[0].timeout: expected a duration such as 5m or 1h30m, found \"5 minutes\"")]
    [InlineData("timeout: 5m", "timeout: 0s", "incidents.yaml:19:18: policies.default.steps[0].timeout: must be longer than zero")]
    [InlineData("timeout: 5m", "time_out: 5m", "incidents.yaml:19:9: policies.default.steps[0]: unknown key \"time_out\"; did you mean \"timeout\"?")]
    [InlineData("    steps:\n      - targets: [alice]\n        timeout: 5m\n", "    steps: []\n", "incidents.yaml:17:12: policies.default.steps: needs at least one step")]
    [InlineData("    steps:\n      - targets: [alice]\n        timeout: 5m\n", "    repeat: 1\n", "incidents.yaml:16:3: policies.default.steps: is required")]
    [InlineData("    steps:\n", "    repeat: -1\n    steps:\n", "incidents.yaml:17:13: policies.default.repeat: expected a whole number from 0 to 100, found \"-1\"")]
    [InlineData("    steps:\n", "    repeat: often\n    steps:\n", "incidents.yaml:17:13: policies.default.repeat: expected a whole number from 0 to 100, found \"often\"")]
    public void Policies(string piece, string by, params string[] expected) => Assert.Equal(expected, ConfigText.Spoilt(piece, by));

    [Theory]
    [InlineData("channel: webhook", "channel: carrier-pigeon", "incidents.yaml:12:18: responders.alice.contacts[0].channel: expected webhook, email or console, found \"carrier-pigeon\"")]
    [InlineData("channel: webhook", "channel: console", "incidents.yaml:13:14: responders.alice.contacts[0].url: does not apply to the console", "incidents.yaml:14:17: responders.alice.contacts[0].secret: does not apply to the console")]
    [InlineData("        url: https://pager.example.com/\n", "", "incidents.yaml:12:9: responders.alice.contacts[0].url: is required for a webhook")]
    [InlineData("https://pager.example.com/", "pager.example.com/T0KEN", "incidents.yaml:13:14: responders.alice.contacts[0].url: expected an absolute http or https URL")]
    [InlineData("https://pager.example.com/", "ftp://pager.example.com/T0KEN", "incidents.yaml:13:14: responders.alice.contacts[0].url: expected an absolute http or https URL")]
    [InlineData("https://pager.example.com/", "https://user:pass@pager.example.com/", "incidents.yaml:13:14: responders.alice.contacts[0].url: a URL may not contain a user name or password")]
    [InlineData("channel: webhook", "chanel: webhook", "incidents.yaml:12:9: responders.alice.contacts[0]: unknown key \"chanel\"; did you mean \"channel\"?", "incidents.yaml:12:9: responders.alice.contacts[0].channel: is required")]
    public void Responders(string piece, string by, params string[] expected) => Assert.Equal(expected, ConfigText.Spoilt(piece, by));

    [Theory]
    [InlineData("    sponsor: alice", "    sponsor: alise", "incidents.yaml:7:14: identities.bot.sponsor: no human is called \"alise\" (humans: alice)")]
    [InlineData("    sponsor: alice", "    sponsor: bot", "incidents.yaml:7:14: identities.bot.sponsor: \"bot\" is not a human (humans: alice)")]
    [InlineData("    sponsor: alice\n", "", "incidents.yaml:5:3: identities.bot.sponsor: is required for everyone who is not a human")]
    [InlineData("kind: human", "kind: human\n    sponsor: alice", "incidents.yaml:4:14: identities.alice.sponsor: a human answers for themselves and has no sponsor")]
    [InlineData("kind: service", "kind: robot", "incidents.yaml:6:11: identities.bot.kind: expected human, service or agent, found \"robot\"")]
    [InlineData("kind: human\n    expires: 2035-01-01", "kind: human", "incidents.yaml:2:3: identities.alice.expires: is required")]
    [InlineData("kind: human\n    expires: 2035-01-01", "kind: human\n    expires: 2035-02-30", "incidents.yaml:4:14: identities.alice.expires: expected a date such as 2027-12-31 or a time such as 2027-12-31T18:00:00Z, found \"2035-02-30\"")]
    [InlineData("kind: human", "kind: human\n    may_operate: yes", "incidents.yaml:4:18: identities.alice.may_operate: expected true or false, found \"yes\"")]
    [InlineData("kind: human", "kind: human\n    request_budget: 1/0s", "incidents.yaml:4:21: identities.alice.request_budget: expected a budget such as \"120/1m burst 240\", found \"1/0s\"")]
    [InlineData("  alice:\n    kind: human", "  config: {kind: human, expires: 2035-01-01}\n  alice:\n    kind: human", "incidents.yaml:2:3: identities.config: this name is reserved for what the file itself does")]
    public void Identities(string piece, string by, params string[] expected) => Assert.Equal(expected, ConfigText.Spoilt(piece, by));

    [Theory]
    [InlineData("    identity: bot", "    identity: bott", "incidents.yaml:27:15: integrations.prom.identity: no identity is called \"bott\" (identities: alice, bot)")]
    [InlineData("    identity: bot\n", "", "incidents.yaml:24:3: integrations.prom.sponsor: is required where there is no identity", "incidents.yaml:24:3: integrations.prom.expires: is required where there is no identity")]
    [InlineData("    identity: bot", "    sponsor: bot\n    expires: never", "incidents.yaml:27:14: integrations.prom.sponsor: \"bot\" is not a human (humans: alice)", "incidents.yaml:28:14: integrations.prom.expires: expected a date such as 2027-12-31 or a time such as 2027-12-31T18:00:00Z, found \"never\"")]
    [InlineData("    identity: bot", "    identity: bot\n    sponsor: alice", "incidents.yaml:28:14: integrations.prom.sponsor: belongs to the identity that this integration names")]
    [InlineData("alertmanager-webhook-v4", "alertmanager", "incidents.yaml:25:13: integrations.prom.format: unknown format \"alertmanager\"; did you mean \"alertmanager-webhook-v4\"?")]
    [InlineData("alertmanager-webhook-v4", "smoke", "incidents.yaml:25:13: integrations.prom.format: unknown format \"smoke\" (formats: alertmanager-webhook-v4, grafana-unified-webhook, pagerduty-events-v2)")]
    [InlineData("    identity: bot", "    identity: bot\n    default_labels: [a]", "incidents.yaml:28:21: integrations.prom.default_labels: expected a mapping, found a list")]
    [InlineData("    identity: bot", "    identity: bot\n    severity_map: {page: bad}", "incidents.yaml:28:26: integrations.prom.severity_map.page: expected critical, error, warning or info, found \"bad\"")]
    [InlineData("    identity: bot", "    identity: bot\n    severity_map: {page: info, Page: info}", "incidents.yaml:28:32: integrations.prom.severity_map: \"Page\" is here already; case makes no difference")]
    [InlineData("    identity: bot", "    identity: bot\n    resolve_timeout: 5", "incidents.yaml:28:22: integrations.prom.resolve_timeout: expected a duration such as 5m or 1h30m, found \"5\"")]
    [InlineData("route:\n  receiver: checkout\n  routes:\n    - matchers: [a=b]\n      group_wait: 30s", "", "incidents.yaml:23:1: route: is required where there are integrations: their alerts have nowhere to go")]
    public void Integrations(string piece, string by, params string[] expected) => Assert.Equal(expected, ConfigText.Spoilt(piece, by));

    [Fact]
    public void The_identity_that_an_integration_implies_may_not_exist_already()
    {
        var yaml = ConfigText.Valid.Replace("  bot:\n", "  integration-prom: {kind: agent, sponsor: alice, expires: 2035-01-01}\n  bot:\n", StringComparison.Ordinal)
            .Replace("    identity: bot", "    sponsor: alice\n    expires: 2035-01-01", StringComparison.Ordinal);
        Assert.Equal(
            ["incidents.yaml:25:3: integrations.prom: its own identity would be \"integration-prom\", which is among identities already; name it with identity"],
            ConfigText.Errors(yaml));
    }

    [Fact]
    public void All_errors_of_a_file_are_reported_in_its_order() => Assert.Equal(
        [
            "incidents.yaml:1:1: unknown key \"polices\"; did you mean \"policies\"?",
            "incidents.yaml:3:3: services.a.policy: is required",
            "incidents.yaml:3:7: services.a: unknown key \"titel\"; did you mean \"title\"?",
            "incidents.yaml:4:15: services.b.policy: no policy is called \"x\" (policies: none)",
            "incidents.yaml:5:1: route.receiver: is required: the root takes what no other route does",
            "incidents.yaml:5:21: route.group_wait: expected a duration such as 5m or 1h30m, found \"1\"",
        ],
        ConfigText.Errors("polices: {}\nservices:\n  a: {titel: A}\n  b: {policy: x}\nroute: {group_wait: 1}\n"));

    [Fact]
    public void A_message_stays_one_line_and_short_whatever_the_file_says() => Assert.Equal(
        [
            "incidents.yaml:2:3: services: \"a b\" is not a name: use a-z, 0-9, - and _, at most 64, first and last a letter or digit",
            "incidents.yaml:2:3: services.a b.policy: is required",
            "incidents.yaml:4:15: route.group_wait: expected a duration such as 5m or 1h30m, found \"" + new string('x', 60) + "…\"",
        ],
        ConfigText.Errors($"services:\n  \"a\\nb\": {{}}\nroute:\n  group_wait: {new string('x', 5000)}\n  receiver: \"a\\nb\"\n"));
}
