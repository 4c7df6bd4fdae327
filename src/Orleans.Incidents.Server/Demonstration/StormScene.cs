namespace Incidents.Server.Demonstration;

/// <summary>A network partition: hundreds of problems, sent again and again, past the opening budget of their sender.</summary>
internal static class StormScene
{
    private const int Requests = 100;
    private const int AlertsARequest = 50;
    private const int Nodes = 50;
    private const int Loudest = 120;
    private const int Chapter = 20;
    private const int Sample = 2_500;

    private static readonly (string Name, string Says)[] Symptoms =
    [
        ("NodeUnreachable", "cannot be reached"), ("ReplicationLag", "replicates 40 s late"), ("EtcdNoLeader", "sees no etcd leader"),
        ("KubeletDown", "has no kubelet"), ("DnsFailing", "cannot resolve names"),
    ];

    public static async Task PlayAsync(DemoClient client, Narrator narrator)
    {
        narrator.Heading("2. A storm");
        narrator.Say($"a network partition cuts off eu-west-1b, and everything that watches it complains");
        var problems = Problems(narrator.Now);
        var receipts = new List<string>();
        for (var request = 0; request < Requests; request++)
        {
            receipts.AddRange(await client.PrometheusAsync(Enumerable.Range(request * AlertsARequest, AlertsARequest).Select(n => Alert(problems, n))));
            if ((request + 1) % Chapter == 0)
                await TellAsync(client, narrator);
            await narrator.PauseAsync(0.8);
        }

        await EndAsync(client, narrator, receipts);
        await narrator.PauseAsync(8);
    }

    /// <summary>Counts what the server's list shows.</summary>
    public static async Task<(IReadOnlyList<DemoRow> Rows, long Alerts)> CountAsync(DemoClient client)
    {
        var rows = (await client.RowsAsync()).Where(r => r.Service == DemoCatalogue.Platform).ToList();
        return (rows, rows.Sum(r => r.Alerts + r.Repeats));
    }

    private static async Task TellAsync(DemoClient client, Narrator narrator)
    {
        var (rows, alerts) = await CountAsync(client);
        narrator.Say($"so far {alerts:N0} alerts are {rows.Count} incidents, {rows.Count(r => r.Kind == "storm")} of them a storm; {rows.Sum(r => r.Pages)} pages");
    }

    private static async Task EndAsync(DemoClient client, Narrator narrator, List<string> receipts)
    {
        var (rows, alerts) = await narrator.UntilAsync("all alerts of the storm in the list", async () =>
            await CountAsync(client) is var seen && seen.Alerts >= receipts.Count && seen.Rows.All(r => r.Pages > 0) ? Tuple.Create(seen.Rows, seen.Alerts) : null);
        var storm = rows.Single(r => r.Kind == "storm");
        narrator.Say($"{alerts:N0} alerts about {rows.Sum(r => r.Problems):N0} problems are {rows.Count} incidents and {rows.Sum(r => r.Pages)} pages, with nothing lost:");
        narrator.Say($"  {rows.Count - 1} problems opened incidents of their own, as many as the opening budget of their sender and its reserve for critical ones allow;");
        narrator.Say($"  the other {storm.Problems:N0} joined 1 storm incident of {storm.Alerts + storm.Repeats:N0} alerts and {storm.Pages} page");
        var sample = receipts[Sample];
        narrator.Say($"  any of {receipts.Count:N0} receipts tells what became of its alert, such as {sample}:");
        narrator.Say($"  {await client.ReceiptAsync(sample)}");
    }

    private static List<DemoAlert> Problems(DateTimeOffset now) =>
    [
        .. from node in Enumerable.Range(1, Nodes)
           from symptom in Symptoms
           select DemoAlert.Of(symptom.Name, $"node-{node:00}.eu-west-1b", DemoCatalogue.Platform, "critical", $"node-{node:00} in eu-west-1b {symptom.Says}", now),
    ];

    // First each problem once; then every second alert repeats the loudest one, and the others take turns.
    private static DemoAlert Alert(List<DemoAlert> problems, int number) =>
        number >= problems.Count && number % 2 == 0 ? problems[Loudest] : problems[number % problems.Count];
}
