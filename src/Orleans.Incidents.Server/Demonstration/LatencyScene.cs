namespace Incidents.Server.Demonstration;

/// <summary>One real incident: paged, acknowledged by a person, ended by its source.</summary>
internal static class LatencyScene
{
    private const int Resends = 3;

    public static async Task PlayAsync(DemoClient client, Narrator narrator)
    {
        narrator.Heading("1. One real incident");
        var alert = DemoAlert.Of("CheckoutLatencyHigh", "checkout", DemoCatalogue.Checkout, "critical", "Checkout takes 2.4 s at the 99th percentile", narrator.Now);
        alert = alert with { Annotations = new Dictionary<string, string>(alert.Annotations) { ["runbook_url"] = "https://runbooks.example.com/checkout-latency" } };
        var receipt = (await client.PrometheusAsync(alert))[0];
        narrator.Say($"Prometheus sends one critical alert; receipt {receipt} says: {await client.ReceiptAsync(receipt)}");
        var incident = await narrator.UntilAsync("the page of the checkout incident", async () => await FindAsync(client) is { Pages: > 0 } row ? row : null);
        narrator.Say($"\"{incident.Title}\": {await TookAsync(client, incident.Id, "incident.page-reported")} after it opened, {incident.Pages} page was out");
        for (var i = 0; i < Resends; i++)
        {
            await narrator.PauseAsync(4);
            await client.PrometheusAsync(alert);
        }

        await client.ActAsync(incident.Id, "acknowledge");
        narrator.Say($"Anna acknowledges, {await TookAsync(client, incident.Id, "incident.acknowledged")} after it opened; nobody else is woken");
        await narrator.PauseAsync(6);
        await client.ActAsync(incident.Id, "note", new { text = "Rolled back checkout to yesterday's build; the 99th percentile is falling." });
        await narrator.PauseAsync(6);
        await client.PrometheusAsync(alert with { EndsAt = narrator.Now });
        var ended = await narrator.UntilAsync("the end of the checkout incident", async () => await FindAsync(client) is { Status: "resolved", Repeats: >= Resends } row ? row : null);
        narrator.Say($"Prometheus says that it ended: {ended.Status} after {(ended.ResolvedAt!.Value - ended.OpenedAt).TotalSeconds:0.0} s, by {ended.AcknowledgedBy}, with {ended.Repeats} repeats folded and {ended.Pages} page");
        await narrator.PauseAsync(4);
    }

    private static async Task<DemoRow?> FindAsync(DemoClient client) => (await client.RowsAsync()).FirstOrDefault(r => r.Service == DemoCatalogue.Checkout);

    private static async Task<string> TookAsync(DemoClient client, string incident, string until)
    {
        var timeline = await client.TimelineAsync(incident);
        var took = timeline.First(e => e.What == until).At - timeline.First(e => e.What == "incident.opened").At;
        return took.TotalSeconds < 2 ? FormattableString.Invariant($"{took.TotalMilliseconds:0} ms") : FormattableString.Invariant($"{took.TotalSeconds:0.0} s");
    }
}
