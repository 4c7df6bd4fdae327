namespace Incidents.Acceptance.Processes;

/// <summary>A configuration in which the server watches itself every second, and senders of heartbeats are heard every few.</summary>
internal static class WatchConfig
{
    public const string Job = "job-token-0123456789";
    public const string Slow = "slow-token-0123456789";

    /// <summary>The file: all page one responder at a gateway, but for <c>crowd</c>, whose steps time out as a test needs it.</summary>
    public static string Text(string gateway, string timeout, string every) => $$"""
        identities:
          olga: { kind: human, token: env:OPERATOR_TOKEN, expires: 2099-01-01 }
        responders:
          olga: { contacts: [{ channel: webhook, url: "{{gateway}}", secret: env:HOOK_SECRET }] }
          screen: { contacts: [{ channel: console }] }
        policies:
          calls: { steps: [{ targets: [olga], timeout: 1h }] }
          shown: { steps: [{ targets: [screen], timeout: {{timeout}} }, { targets: [screen], timeout: 1h }] }
        services:
          shop: { policy: calls }
          crowd: { policy: shown, opening_budget: 100000/1h burst 100000 }
          ops: { policy: calls }
        integrations:
          generic: { format: generic-json, token: env:GENERIC_TOKEN, sponsor: olga, expires: 2099-01-01 }
          job: { format: heartbeat, token: env:JOB_TOKEN, sponsor: olga, expires: 2099-01-01, every: {{every}}, grace: 4s, default_labels: { severity: critical } }
          slow: { format: heartbeat, token: env:SLOW_TOKEN, sponsor: olga, expires: 2099-01-01, every: 1h, grace: 10m }
        watchdog: { service: ops, heartbeat_url: env:HEARTBEAT_URL, every: 1s, late_after: 2s }
        route: { receiver: shop, group_by: [alertname], routes: [{ receiver: crowd, matchers: ['team = "crowd"'] }] }
        """;

    public static Task<ServerProcess> ServeAsync(Folder folder, string gateway, string heartbeat, string timeout = "1h", string every = "1h")
    {
        var environment = new Dictionary<string, string>(TestConfig.Environment) { ["JOB_TOKEN"] = Job, ["SLOW_TOKEN"] = Slow, ["HEARTBEAT_URL"] = heartbeat };
        return ServerProcess.StartAsync(folder, folder.Write("incidents.yaml", Text(gateway, timeout, every)), environment);
    }

    /// <summary>Waits until a further check of the watchdog has come to its end.</summary>
    public static async Task CheckedAsync(this ServerProcess server)
    {
        var before = await CompletedAsync(server);
        await Eventually.TrueAsync("a further check", async () => await CompletedAsync(server) != before, TimeSpan.FromSeconds(60));
    }

    /// <summary>The open incidents of a service.</summary>
    public static async Task<List<System.Text.Json.JsonElement>> OpenAsync(ServerProcess server, string service) => await server.Admin.IncidentsAsync($"&status=open&service={service}");

    /// <summary>Waits for the one open incident of a service whose title holds a text.</summary>
    public static async Task<string> IncidentAsync(ServerProcess server, string service, string title)
    {
        var found = await Eventually.GetAsync<string>($"an incident of {service} that says '{title}'", async () =>
            (await OpenAsync(server, service)).Where(i => i.GetProperty("title").GetString()!.Contains(title)).Select(i => i.GetProperty("id").GetString()).FirstOrDefault(), TimeSpan.FromSeconds(60));
        return found;
    }

    private static async Task<string> CompletedAsync(ServerProcess server) =>
        (await server.Admin.GetAsync("/metrics")).Text.Split('\n').Single(l => l.StartsWith("incidents_watchdog_completed_seconds{", StringComparison.Ordinal));
}
