namespace Incidents.Acceptance.Processes;

/// <summary>The configuration that most tests serve, and the secrets that it names.</summary>
internal static class TestConfig
{
    public const string Generic = "generic-token-0123456789";
    public const string Webhook = "webhook-token-0123456789";
    public const string Prometheus = "prometheus-token-0123456789";
    public const string Quick = "quick-token-0123456789";
    public const string Tight = "tight-token-0123456789";
    public const string Rash = "rash-token-0123456789";
    public const string Previewed = "previewed-token-0123456789";
    public const string Neighbour = "neighbour-token-0123456789";
    public const string TightWebhook = "tight-webhook-token-0123456789";
    public const string RoutingKey = "0123456789abcdef0123456789abcdef";
    public const string Operator = "operator-token-0123456789";
    public const string Events = "events-token-0123456789";
    public const string Robot = "robot-token-0123456789";

    /// <summary>What the file's <c>env:</c> references need.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["GENERIC_TOKEN"] = Generic, ["WEBHOOK_TOKEN"] = Webhook, ["PROMETHEUS_TOKEN"] = Prometheus, ["QUICK_TOKEN"] = Quick, ["TIGHT_TOKEN"] = Tight, ["NEIGHBOUR_TOKEN"] = Neighbour, ["PREVIEWED_TOKEN"] = Previewed, ["RASH_TOKEN"] = Rash,
        ["TIGHT_WEBHOOK_TOKEN"] = TightWebhook, ["ROUTING_KEY"] = RoutingKey, ["OPERATOR_TOKEN"] = Operator, ["ROBOT_TOKEN"] = Robot, ["EVENTS_TOKEN"] = Events, ["HOOK_SECRET"] = Pager.Secret,
    };

    /// <summary>The file: everything pages one responder at a gateway.</summary>
    public static string Text(string gateway) => $$"""
        identities:
          olga: { kind: human, token: env:OPERATOR_TOKEN, expires: 2099-01-01 }
          robot: { kind: agent, sponsor: olga, token: env:ROBOT_TOKEN, expires: 2099-01-01, may_operate: true }
          heedless: { kind: service, sponsor: olga, expires: 2099-01-01, request_budget: 2/1h burst 2 }
          hasty: { kind: service, sponsor: olga, expires: 2099-01-01, request_budget: 2/1h burst 2 }
          hurried: { kind: service, sponsor: olga, expires: 2099-01-01, request_budget: 2/1h burst 2 }
        responders:
          olga: { contacts: [{ channel: webhook, url: "{{gateway}}", secret: env:HOOK_SECRET }] }
        policies:
          calls: { steps: [{ targets: [olga], timeout: 1h }] }
        services:
          default: { policy: calls, opening_budget: 100000/1h burst 100000 }
          warned: { policy: calls, page_from: error, opening_budget: 100000/1h burst 100000 }
          storming: { policy: calls, opening_budget: 3/1h burst 3, critical_reserve: 0 }
          flooded: { policy: calls, opening_budget: 3/1h burst 3, critical_reserve: 0 }
        integrations:
          generic: { format: generic-json, token: env:GENERIC_TOKEN, sponsor: olga, expires: 2099-01-01 }
          webhook: { format: alertmanager-webhook-v4, token: env:WEBHOOK_TOKEN, sponsor: olga, expires: 2099-01-01 }
          prometheus: { format: alertmanager-api-v2-alerts, token: env:PROMETHEUS_TOKEN, sponsor: olga, expires: 2099-01-01 }
          quick: { format: alertmanager-api-v2-alerts, token: env:QUICK_TOKEN, sponsor: olga, expires: 2099-01-01, resolve_timeout: 2s }
          pagerduty: { format: pagerduty-events-v2, token: env:ROUTING_KEY, sponsor: olga, expires: 2099-01-01 }
          events: { format: cloudevents-structured, token: env:EVENTS_TOKEN, sponsor: olga, expires: 2099-01-01 }
          tight: { format: generic-json, token: env:TIGHT_TOKEN, identity: hurried }
          rash: { format: generic-json, token: env:RASH_TOKEN, identity: heedless }
          previewed: { format: generic-json, token: env:PREVIEWED_TOKEN, identity: hasty }
          neighbour: { format: generic-json, token: env:NEIGHBOUR_TOKEN, sponsor: olga, expires: 2099-01-01, request_budget: 2/1h burst 2 }
          tight-webhook: { format: alertmanager-webhook-v4, token: env:TIGHT_WEBHOOK_TOKEN, identity: hurried }
        route:
          receiver: default
          group_by: [alertname]
          routes:
            - { receiver: warned, matchers: ['team = "warned"'] }
            - { receiver: storming, matchers: ['team = "storming"'] }
            - { receiver: flooded, matchers: ['team = "flooded"'] }
            - { receiver: default, matchers: ['team = "waits"'], group_wait: 1s }
            - { receiver: default, matchers: ['team = "lingers"'], group_wait: 5s }
            - { receiver: default, matchers: ['team = "reopens"'], reopen_window: 1h }
        """;

    /// <summary>Starts a server on this configuration.</summary>
    public static Task<ServerProcess> ServeAsync(Folder folder, string gateway, params string[] more) =>
        ServerProcess.StartAsync(folder, folder.Write("incidents.yaml", Text(gateway)), Environment, more);
}
