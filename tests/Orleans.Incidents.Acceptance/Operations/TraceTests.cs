using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Operations;

/// <summary>Traces as a collector gets them over OTLP.</summary>
public sealed class TraceTests
{
    private const string Caller = "0af7651916cd43dd8448eb211c80319c";
    private const string CallersSpan = "b7ad6b7169203331";

    [Fact]
    public async Task One_trace_goes_from_the_webhook_to_the_delivery_of_the_page()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var collector = await Collector.StartAsync();
        await using var server = await ServeAsync(folder, pager.Url, collector);
        var (receipt, incident) = await AlertAsync(server, "01");
        var page = await pager.PageOfAsync(incident);
        var delivery = await collector.SpanAsync("the delivery", s => s.Name == "deliver webhook" && s["incidents.incident.id"] == incident);
        await collector.SpanAsync("the page's report", s => s.Name == "turn incident" && s["incidents.reason"] == "PageDelivered");

        var request = Assert.Single(collector.Spans, s => s.Name == "POST /integrations/{integration}/alerts" && s.Parent == CallersSpan);
        Assert.Equal((2, "generic", "generic-json", "1", "0", receipt, "202"), (
            request.Kind, request["incidents.integration"], request["incidents.format"], request["incidents.alerts"], request["incidents.repeats"], request["incidents.receipts"], request["http.response.status_code"]));
        Assert.Equal((Caller, page.Id, "Accepted", 3), (delivery.Trace, delivery["incidents.page.id"], delivery["incidents.reason"], delivery.Kind));
        Assert.Equal($"00-{Caller}-{delivery.Id}-01", page.TraceParent);

        // Every turn of the chain is below the request, each below the one that sent it its message.
        var trace = collector.Spans.Where(s => s.Trace == Caller).ToList();
        Assert.Equal(["turn page", "turn responder", "turn incident", "turn service", "turn group", request.Name], Above(trace, delivery).Select(s => s.Name));
        Assert.All(Above(trace, delivery).SkipLast(1), s => Assert.Equal(incident, s["incidents.incident.id"]));
        Assert.Contains(collector.Spans, s => s.Name == "flush" && s.Trace != Caller && s.Links.Contains((Caller, request.Id)));
        Assert.All(collector.Spans, s => Assert.Equal("orleans-incidents", s.Service));
        Assert.Contains("k-1", collector.Keys);
        await Eventually.TrueAsync("metrics", () => collector.MetricNames.Contains("incidents.alerts.accepted"));
        Assert.DoesNotContain(collector.Spans, s => s.ToString().Contains(TestConfig.Generic, StringComparison.Ordinal) || s.ToString().Contains("Traced title", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_waits_through_a_crash_is_still_of_its_webhooks_trace()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var collector = await Collector.StartAsync();
        string incident;
        pager.IsDown = true;
        await using (var server = await ServeAsync(folder, pager.Url, collector))
        {
            (_, incident) = await AlertAsync(server, "01");
            await Eventually.TrueAsync("a journalled failure", async () => (await server.Admin.GetAsync($"/api/v1/incidents/{incident}/timeline")).Text.Contains("page.attempt-failed"));
            await server.KillAsync();
        }

        pager.IsDown = false;
        await using var again = await ServeAsync(folder, pager.Url, collector);
        await pager.PageOfAsync(incident);
        var delivered = await collector.SpanAsync("the delivery", s => s.Name == "deliver webhook" && s["incidents.reason"] == "Accepted");
        Assert.Equal((Caller, incident), (delivered.Trace, delivered["incidents.incident.id"]));
        Assert.NotEqual("1", delivered["incidents.attempt"]);
    }

    [Fact]
    public async Task What_the_caller_does_not_keep_is_not_kept_here_either()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var collector = await Collector.StartAsync();
        await using var server = await ServeAsync(folder, pager.Url, collector);
        var (_, unkept) = await AlertAsync(server, "00");
        Assert.Null((await pager.PageOfAsync(unkept)).TraceParent);
        var (_, kept) = await AlertAsync(server, "01", "other");
        await collector.SpanAsync("the other delivery", s => s.Name == "deliver webhook");

        Assert.DoesNotContain(collector.Spans, s => s["incidents.incident.id"] == unkept);
        Assert.Contains(collector.Spans, s => s["incidents.incident.id"] == kept);
    }

    [Fact]
    public async Task Without_a_collector_no_receiver_hears_of_a_trace()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url);
        var (_, incident) = await AlertAsync(server, "01");

        Assert.Null((await pager.PageOfAsync(incident)).TraceParent);
    }

    private static async Task<ServerProcess> ServeAsync(Folder folder, string gateway, Collector collector)
    {
        var environment = new Dictionary<string, string>(TestConfig.Environment)
        {
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50", ["OTEL_METRIC_EXPORT_INTERVAL"] = "200", ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=k-1",
        };
        return await ServerProcess.StartAsync(
            folder.Data, folder.Write("incidents.yaml", TestConfig.Text(gateway)), environment, givesToken: true, "--otlp-endpoint", collector.Url);
    }

    private static async Task<(string Receipt, string Incident)> AlertAsync(ServerProcess server, string flags, string key = "traced")
    {
        using var sender = server.As(TestConfig.Generic);
        var answer = await sender.PostAsync(
            "/integrations/generic/alerts", $$"""{"dedup_key":"{{key}}","title":"Traced title","severity":"critical"}""", ("traceparent", $"00-{Caller}-{CallersSpan}-{flags}"));
        Assert.True(answer.Status == 202, answer.ToString());
        return (answer.Receipts[0], (await server.Admin.OutcomeAsync(answer.Receipts[0])).GetProperty("incident").GetString()!);
    }

    private static IEnumerable<ArrivedSpan> Above(List<ArrivedSpan> trace, ArrivedSpan span)
    {
        while (trace.FirstOrDefault(s => s.Id == span.Parent) is { } parent)
        {
            yield return parent;
            span = parent;
        }
    }
}
