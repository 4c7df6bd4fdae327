using System.Net;
using System.Net.Sockets;
using Incidents.Acceptance.Processes;
using NodaTime;

namespace Incidents.Acceptance.Complaints;

/// <summary>One receiver's trouble is not the others'.</summary>
public class HangingChannelTests
{
    private const int Problems = 30;
    private const int Hanging = 12;

    // Every attempt that hangs does so for 15 s.
    private static readonly Duration Soon = Duration.FromSeconds(14);

    /// <summary>grafana/oncall #4087 (also #5204): a channel that answered 429 delayed the alerts of all teams.</summary>
    [Fact]
    public async Task A_channel_that_hangs_or_is_throttled_delays_no_page_of_another_address()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        var silent = Enumerable.Range(0, Hanging).Select(_ => Silent()).ToList();
        try
        {
            await using var server = await ServerProcess.StartAsync(folder, folder.Write("incidents.yaml", Config(pager, silent)), TestConfig.Environment);
            var alerts = Enumerable.Range(0, Problems).Select(i => $$$"""{"title":"all {{{i}}}","dedup_key":"all-{{{i}}}","severity":"critical"}""");
            using var sender = server.As(TestConfig.Generic);
            await sender.AlertAsync($"[{string.Join(',', alerts)}]");

            await Eventually.TrueAsync("every page of the address that answers", () => pager.Pages.Select(p => p.Incident).Distinct().Count() == Problems, TimeSpan.FromSeconds(60));
            Assert.All(pager.Pages, p => Assert.True(p.Age < Soon, $"{p.Id} came after {p.Age}"));
        }
        finally
        {
            silent.ForEach(s => s.Dispose());
        }
    }

    // Connections are made, and nothing ever answers.
    private static TcpListener Silent()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 100);
        return listener;
    }

    private static string Config(Pager pager, List<TcpListener> silent) => $$"""
        identities:
          olga: { kind: human, expires: 2099-01-01 }
        responders:
          olga: { contacts: [{ channel: webhook, url: "{{pager.Url}}", secret: env:HOOK_SECRET }] }
          hung: { contacts: [{ channel: webhook, url: "{{pager.HangingUrl}}" }] }
          busy: { contacts: [{ channel: webhook, url: "{{pager.BusyUrl}}" }] }
          {{string.Join("\n  ", silent.Select((s, i) => $$"""silent{{i}}: { contacts: [{ channel: webhook, url: "http://{{s.LocalEndpoint}}/" }] }"""))}}
        policies:
          calls: { steps: [{ targets: [hung, busy, {{string.Join(", ", silent.Select((_, i) => $"silent{i}"))}}, olga], timeout: 1h }] }
        services:
          default: { policy: calls, opening_budget: 1000/1h burst 1000 }
        integrations:
          generic: { format: generic-json, token: env:GENERIC_TOKEN, sponsor: olga, expires: 2099-01-01 }
        route: { receiver: default }
        """;
}
