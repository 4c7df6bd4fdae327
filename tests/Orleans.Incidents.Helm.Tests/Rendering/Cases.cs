namespace Incidents.Helm.Tests.Rendering;

/// <summary>The chart with each of its options one way and the other, by name.</summary>
internal static class Cases
{
    public const string Config = "config: {text: \"responders: {}\\n\"}\n";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cluster"] = "",
        ["standby"] = "mode: standby\n",
        ["everything in cluster mode"] = Everything + "autoscaling: {enabled: true}\n",
        ["everything in standby mode"] = Everything + "mode: standby\n",
        ["autoscaling"] = "autoscaling: {enabled: true}\n",
        ["configuration"] = Config,
        ["configuration without a check"] = "config: {text: \"responders: {}\\n\", check: false}\n",
        ["configuration of one's own"] = "config: {existingConfigMap: mine}\n",
        ["admin token"] = "adminToken: {existingSecret: admin, key: password}\n",
        ["secrets"] = "secretEnv: [tokens, more]\nsecretFiles: [keys]\n",
        ["tls"] = "tls: {existingSecret: certificate}\n",
        ["monitoring"] = "serviceMonitor: {enabled: true}\nprometheusRule: {enabled: true}\n",
        ["monitoring by token"] = "server: {metrics: token}\nserviceMonitor: {enabled: true, tokenSecret: scraper}\n",
        ["monitoring in standby mode"] = "mode: standby\nserviceMonitor: {enabled: true}\n",
        ["metrics off"] = "server: {metrics: \"off\"}\n",
        ["traces"] = "server: {otlpEndpoint: \"http://collector:4318\", traceRatio: 0.1}\n",
        ["no policy"] = "networkPolicy: {enabled: false}\n",
        ["closed policy"] = "networkPolicy: {ingress: {from: [{namespaceSelector: {}}]}, egress: {dns: {to: [{namespaceSelector: {}}]}, postgres: {port: 6432, to: [{ipBlock: {cidr: 10.0.0.1/32}}]}, deliveries: {ports: []}, extra: [{ports: [{protocol: TCP, port: 4318}]}]}}\n",
        ["no budget"] = "podDisruptionBudget: {enabled: false}\n",
        ["no account"] = "serviceAccount: {create: false}\n",
        ["users of the platform"] = "securityContext: {runAsUser: null, runAsGroup: null, fsGroup: null}\n",
        ["no wait before the stop"] = "shutdown: {waitSeconds: 0}\n",
        ["digest"] = "image: {repository: example.com/incidents, digest: \"sha256:" + Digest + "\"}\nimagePullSecrets: [{name: pull}]\n",
        ["other names"] = "fullnameOverride: pager\nnameOverride: incidents\n",
        ["scheduling"] = "nodeSelector: {disk: fast}\ntolerations: [{key: a, operator: Exists}]\naffinity: {podAntiAffinity: {}}\npriorityClassName: high\ntopologySpreadConstraints: [{maxSkew: 1, topologyKey: rack, whenUnsatisfiable: DoNotSchedule}]\n",
    };

    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Everything = Config + """
        adminToken: {existingSecret: admin}
        secretEnv: [tokens]
        secretFiles: [keys]
        tls: {existingSecret: certificate}
        server: {metrics: token, otlpEndpoint: "https://collector:4318"}
        extraEnv: [{name: OTEL_SERVICE_NAME, value: paging}]
        serviceMonitor: {enabled: true, tokenSecret: scraper, labels: {team: sre}, tlsConfig: {serverName: paging}}
        prometheusRule: {enabled: true, labels: {team: sre}}
        service: {annotations: {a: b}}
        serviceAccount: {annotations: {a: b}}
        podAnnotations: {a: b}
        podLabels: {team: sre}

        """;

    public static TheoryData<string> Names => [.. All.Keys];
}
