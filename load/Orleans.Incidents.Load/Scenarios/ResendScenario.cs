using System.Diagnostics;
using System.Globalization;
using System.Text;
using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Incidents.Load.Scenarios;

/// <summary>
/// A real Prometheus server sends thousands of firing alerts again each minute, as it does by itself: what that costs our server
/// in processor time and in bytes, minute by minute.
/// </summary>
internal static class ResendScenario
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);

    // By default it sends again at the first evaluation that is more than a minute later, every 90 s here, and its queue just holds as many.
    private static readonly string[] EachMinute = ["--rules.alert.resend-delay=45s", "--alertmanager.notification-queue-capacity=30000"];

    public static async Task<ResendResult> RunAsync(RunContext context)
    {
        var options = context.Options;
        var keys = options.Keys[^1];
        await using var exporter = await ExporterAsync(keys);
        var folder = Directory.CreateDirectory(Path.Combine(context.Work, "prometheus")).FullName;
        await using var server = await (context with { Options = options with { Config = await GroupingAsync(options.Config, folder) } }).StartAsync(PeerFactory.Ours, "resend");
        var scrape = exporter.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await ConfigureAsync(folder, new Uri(scrape).Authority, server.Address.ToString(), context.Token);
        await using var prometheus = ChildProcess.Start(
            new Peer("prometheus", options.Prometheus,
                [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/tsdb", "--web.listen-address=127.0.0.1:0", .. EachMinute], new Dictionary<string, string>(), "", null), folder);
        await UntilAllFireAsync(server, prometheus, keys, context.Stop);
        var minutes = new List<ResendMinute>();
        for (var minute = 1; minute <= options.Minutes; minute++)
        {
            minutes.Add(await MinuteAsync(server, minute, context.Stop));
            RunContext.Say($"minute {minute}: {minutes[^1].Repeats:N0} repeats, {minutes[^1].CpuCores:P2} of a core, {minutes[^1].Bytes:N0} bytes more");
        }

        return new ResendResult(keys, minutes);
    }

    private static async Task<WebApplication> ExporterAsync(int keys)
    {
        var text = new StringBuilder("# TYPE load_down gauge\n");
        for (var i = 0; i < keys; i++)
            text.Append(CultureInfo.InvariantCulture, $"load_down{{node=\"node-{i:D6}\"}} 1\n");
        var page = text.ToString();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(http => http.Response.WriteAsync(page));
        await app.StartAsync();
        return app;
    }

    // One rule fires for all nodes: each is to be a group of its own.
    private static async Task<string> GroupingAsync(string config, string folder)
    {
        const string Grouping = "group_by: [alertname]";
        var text = await File.ReadAllTextAsync(config);
        if (!text.Contains(Grouping, StringComparison.Ordinal))
            throw new LoadException($"{config} does not group by alertname");
        var path = Path.Combine(folder, "incidents.yaml");
        await File.WriteAllTextAsync(path, text.Replace(Grouping, "group_by: [alertname, node]", StringComparison.Ordinal));
        return path;
    }

    private static async Task ConfigureAsync(string folder, string exporter, string server, string token)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), """
            groups:
              - name: load
                rules:
                  - alert: NodeDown
                    expr: load_down == 1
                    labels: {severity: critical}
                    annotations: {summary: "{{ $labels.node }} is down"}
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
            global: {scrape_interval: 30s, evaluation_interval: 30s}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: load
                static_configs: [{targets: ["{{exporter}}"]}]
            alerting:
              alertmanagers:
                - authorization: {credentials: {{token}}}
                  static_configs: [{targets: ["{{server}}"]}]
            """);
    }

    private static async Task UntilAllFireAsync(PeerServer server, ChildProcess prometheus, int keys, CancellationToken stop)
    {
        for (var clock = Stopwatch.StartNew(); (MetricText.Sum(await server.MetricsAsync(stop), "incidents_pages_enqueued_total") ?? 0) < keys; await Task.Delay(1000, stop))
        {
            if (prometheus.HasExited || clock.Elapsed > LongestStart)
                throw new LoadException($"not all {keys} alerts came; Prometheus printed:\n{prometheus.LogTail()}");
        }

        // What opening them left to be done is not part of sending them again.
        await Task.Delay(TimeSpan.FromSeconds(30), stop);
    }

    private static async Task<ResendMinute> MinuteAsync(PeerServer server, int minute, CancellationToken stop)
    {
        var (cpu, bytes, repeats) = (server.Cpu(), BytesOf(server), await RepeatsAsync(server, stop));
        var clock = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromMinutes(1), stop);
        var used = server.Cpu().Since(cpu);
        return new ResendMinute(minute, await RepeatsAsync(server, stop) - repeats, used.Server / clock.Elapsed.TotalSeconds, BytesOf(server) - bytes, used.Other / clock.Elapsed.TotalSeconds);
    }

    private static async Task<double> RepeatsAsync(PeerServer server, CancellationToken stop) =>
        MetricText.Sum(await server.MetricsAsync(stop), "incidents_alerts_accepted_total", "outcome=\"repeated\"") ?? 0;

    // The write-ahead log is of fixed size once grown; what stays is in the files beside it.
    private static long BytesOf(PeerServer server) => new DirectoryInfo(PeerFactory.DataFolder(server.Folder)).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(f => !f.Name.EndsWith("-wal", StringComparison.Ordinal) && !f.Name.EndsWith("-shm", StringComparison.Ordinal)).Sum(f => f.Length);
}
