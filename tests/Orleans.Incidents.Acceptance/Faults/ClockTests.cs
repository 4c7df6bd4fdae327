using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Faults;

/// <summary>The machine's clock is set while the server runs, and between two runs.</summary>
public class ClockTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_clock_that_is_set_forward_serves_what_is_due_once()
    {
        using var folder = new Folder();
        var clock = new MovableClock(folder);
        await using var pager = await Pager.StartAsync();
        await using var server = await ServeAsync(folder, pager, clock);
        using (var sender = server.As(TestConfig.Generic))
        {
            var slow = await OpenAsync(server, sender, "slow");
            await pager.PageOfAsync(slow);
            var silent = await PostPrometheusAsync(server);

            // A little: an alert that is not heard of for less than its five minutes is not over.
            clock.Set(TimeSpan.FromMinutes(2));
            var other = await OpenAsync(server, sender, "slow");
            await pager.PageOfAsync(other);
            Assert.Equal("active", await server.Admin.StatusAsync(silent));

            // Far: escalation is late and is served, once; what was not heard of is over, and the log says why that may be wrong.
            clock.Set(TimeSpan.FromMinutes(92));
            await StepAsync(pager, slow, 1);
            await Eventually.TrueAsync("resolved by silence", async () => await server.Admin.StatusAsync(silent) == "resolved", Long);
            await Eventually.TrueAsync("a line", () => server.Errors.Contains("ClockJumped", StringComparison.Ordinal));
            Assert.Equal(200, (await server.Admin.GetAsync("/readyz")).Status);
            await StepAsync(pager, other, 1);
            Assert.All(new[] { slow, other }, i => Assert.Equal(2, pager.Distinct(i)));
        }

        await server.StopAsync();
        folder.AssertVerifies();
    }

    [Fact]
    public async Task A_clock_that_is_set_back_holds_up_nothing_and_repeats_nothing()
    {
        using var folder = new Folder();
        var clock = new MovableClock(folder);
        await using var pager = await Pager.StartAsync();
        string quick, late;
        List<string> receipts = [];
        clock.Set(TimeSpan.FromHours(2));
        await using (var server = await ServeAsync(folder, pager, clock))
        {
            using var sender = server.As(TestConfig.Generic);
            quick = await OpenAsync(server, sender, "quick", receipts);
            await pager.PageOfAsync(quick);

            clock.Set(TimeSpan.FromHours(-1));

            // Its time-out was reckoned before; the opening budget was spent before.
            await StepAsync(pager, quick, 1);
            late = await OpenAsync(server, sender, "quick", receipts);
            await pager.PageOfAsync(late);
            Assert.Equal("problem", (await server.Admin.IncidentAsync(late)).GetProperty("kind").GetString());
            Assert.Equal(200, (await server.Admin.GetAsync("/readyz")).Status);
            Assert.Matches(@"(?m)^incidents_clock_ahead_seconds.* 1\d{4}", (await server.Admin.GetAsync("/metrics")).Text);
            await server.KillAsync();
        }

        // Its time begins where the journal ends, not where the machine's clock is.
        await using var again = await ServeAsync(folder, pager, clock);
        await StepAsync(pager, late, 1);
        Assert.Contains("ClockJumped", again.Errors, StringComparison.Ordinal);
        foreach (var receipt in receipts)
            Assert.Equal("OpenedGroup", (await again.Admin.OutcomeAsync(receipt)).GetProperty("reason").GetString());
        Assert.All(new[] { quick, late }, i => Assert.Equal(2, pager.Distinct(i)));
        await again.StopAsync();
        folder.AssertVerifies();
    }

    private static Task<ServerProcess> ServeAsync(Folder folder, Pager pager, MovableClock clock) =>
        ServerProcess.StartAsync(folder.Data, folder.Write("incidents.yaml", Text(pager.Url)), clock.With(TestConfig.Environment));

    private static async Task<string> OpenAsync(ServerProcess server, Api sender, string team, List<string>? receipts = null)
    {
        var receipt = (await sender.AlertAsync($$"""{"dedup_key":"{{Guid.NewGuid()}}","title":"Problem","severity":"critical","labels":{"team":"{{team}}"} }"""))[0];
        receipts?.Add(receipt);
        return (await server.Admin.OutcomeAsync(receipt)).GetProperty("incident").GetString()!;
    }

    private static async Task<string> PostPrometheusAsync(ServerProcess server)
    {
        using var prometheus = server.As(TestConfig.Prometheus);
        var answer = await prometheus.PostAsync("/api/v2/alerts", """[{"labels":{"alertname":"Silent","severity":"critical"}}]""");
        Assert.True(answer.IsSuccess, answer.ToString());
        return (await server.Admin.OutcomeAsync(answer.Headers.GetValues("Incidents-Receipt").First())).GetProperty("incident").GetString()!;
    }

    private static Task StepAsync(Pager pager, string incident, int step) =>
        Eventually.TrueAsync($"step {step} of {incident}", () => pager.Pages.Any(p => p.Incident == incident && p.Step == step), Long);

    private static string Text(string gateway) => $$"""
        identities:
          olga: { kind: human, token: env:OPERATOR_TOKEN, expires: 2099-01-01 }
        responders:
          olga: { contacts: [{ channel: webhook, url: "{{gateway}}", secret: env:HOOK_SECRET }] }
        policies:
          patient: { steps: [{ targets: [olga], timeout: 1h }, { targets: [olga], timeout: 12h }] }
          hasty: { steps: [{ targets: [olga], timeout: 8s }, { targets: [olga], timeout: 12h }] }
        services:
          slow: { policy: patient, opening_budget: 4/1h burst 4 }
          quick: { policy: hasty, opening_budget: 4/1h burst 4 }
        integrations:
          generic: { format: generic-json, token: env:GENERIC_TOKEN, sponsor: olga, expires: 2099-01-01 }
          prometheus: { format: alertmanager-api-v2-alerts, token: env:PROMETHEUS_TOKEN, sponsor: olga, expires: 2099-01-01, resolve_timeout: 5m }
        route:
          receiver: slow
          group_by: [alertname]
          routes: [{ receiver: quick, matchers: ['team = "quick"'] }]
        """;
}
