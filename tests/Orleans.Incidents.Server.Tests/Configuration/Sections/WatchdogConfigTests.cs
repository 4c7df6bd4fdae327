using Incidents.Heartbeats;
using Incidents.Services;
using NodaTime;

namespace Incidents.Server.Tests.Configuration;

/// <summary>The section <c>watchdog</c>, and integrations that send heartbeats.</summary>
public sealed class WatchdogConfigTests
{
    private const string Service = "responders: {r: }\npolicies: {p: {steps: [{targets: [r]}]}}\nservices: {ops: {policy: p}}\n";
    private const string Sender = "identities: {a: {kind: human, expires: 2035-01-01}}\n" + Service + "route: {receiver: ops}\n";

    [Fact]
    public void What_is_said_arrives()
    {
        var context = ConfigText.Context with { Environment = _ => "https://switch.example.com/ping/1" };
        var watchdog = ConfigText.Load(Service + "watchdog: {service: ops, heartbeat_url: env:BEAT, every: 30s, late_after: 2m}", context).Catalogue!.Watchdog;
        Assert.Equal(new WatchdogDefinition("ops", "env:BEAT", Duration.FromSeconds(30), Duration.FromMinutes(2)), watchdog);
    }

    [Fact]
    public void Nothing_said_pages_nobody_and_calls_nothing()
    {
        Assert.Null(ConfigText.Catalogue(Service).Watchdog);
        Assert.Null(ConfigText.Catalogue(Service + "watchdog:\n").Watchdog);
        Assert.Null(ConfigText.Catalogue(Service + "watchdog: {service: ops}\n").Watchdog!.HeartbeatRef);
    }

    [Theory]
    [InlineData("{}", "incidents.yaml:4:1: watchdog.service: is required")]
    [InlineData("{service: nobody}", "incidents.yaml:4:21: watchdog.service: no service is called \"nobody\" (services: ops)")]
    [InlineData("{service: ops, every: 999ms}", "incidents.yaml:4:33: watchdog.every: must be from 1s to 1h")]
    [InlineData("{service: ops, late_after: 61m}", "incidents.yaml:4:38: watchdog.late_after: must be from 1s to 1h")]
    [InlineData("{service: ops, heartbeat_url: https://switch.example.com/ping/1}", "incidents.yaml:4:41: watchdog.heartbeat_url: write env:NAME or file:PATH here, never the secret itself")]
    [InlineData("{service: ops, heartbeat_url: env:TOKEN}", "incidents.yaml:4:41: watchdog.heartbeat_url: the secret must be an absolute http or https URL without a user name or password")]
    [InlineData("{service: ops, heartbeat_url: env:ABSENT}", "incidents.yaml:4:41: watchdog.heartbeat_url: the environment variable ABSENT is not set")]
    public void Mistakes_are_named_with_their_place(string section, string expected) => Assert.Equal([expected], ConfigText.Errors($"{Service}watchdog: {section}"));

    [Fact]
    public void Nobody_else_may_be_the_watchdog() => Assert.Equal(
        ["incidents.yaml:1:14: identities.watchdog: this name is reserved for the server's own watchdog"],
        ConfigText.Errors("identities: {watchdog: {kind: human, expires: 2035-01-01}}"));

    [Fact]
    public void A_heartbeat_says_how_often_it_is_heard()
    {
        var all = ConfigText.Catalogue(Sender + "integrations:\n  x: {format: heartbeat, token: env:TOKEN, sponsor: a, expires: 2035-01-01, every: 1d, grace: 1h}\n  y: {format: heartbeat, token: env:TOKEN2, sponsor: a, expires: 2035-01-01, every: 5m}", "heartbeat");
        Assert.Equal(new HeartbeatRule(Duration.FromDays(1), Duration.FromHours(1)), all.Integrations["x"].Heartbeat);
        Assert.Equal(new HeartbeatRule(Duration.FromMinutes(5), Duration.FromMinutes(1)), all.Integrations["y"].Heartbeat);
    }

    [Theory]
    [InlineData("format: heartbeat", "incidents.yaml:6:16: integrations.x.every: is required for heartbeat: silence for longer is an alert")]
    [InlineData("format: heartbeat, every: 0s", "incidents.yaml:6:117: integrations.x.every: must be from 1s to 366d")]
    [InlineData("format: heartbeat, every: 1m, grace: 367d", "incidents.yaml:6:128: integrations.x.grace: must be from 1s to 366d")]
    [InlineData("format: alertmanager-webhook-v4, every: 1m", "incidents.yaml:6:131: integrations.x.every: goes with the format heartbeat only")]
    public void What_does_not_go_together_is_said(string keys, string expected)
    {
        var context = ConfigText.Context with { Formats = ["heartbeat", "alertmanager-webhook-v4"] };
        Assert.Equal([expected], ConfigText.Load($"{Sender}integrations: {{x: {{token: env:TOKEN, sponsor: a, expires: 2035-01-01, default_labels: {{}}, {keys}}}}}", context).Errors.Select(e => e.ToString()));
    }
}
