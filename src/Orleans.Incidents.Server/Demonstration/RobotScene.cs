namespace Incidents.Server.Demonstration;

/// <summary>A robot in a retry loop is held to its request budget, told when to come again, and written down.</summary>
internal static class RobotScene
{
    private const int Tries = 40;

    private static readonly object Alert = new { title = "Nightly search index build failed", severity = "warning", service = DemoCatalogue.Search, dedup_key = "nightly-index-build" };

    public static async Task PlayAsync(DemoClient client, Narrator narrator)
    {
        narrator.Heading("3. A noisy robot");
        narrator.Say($"a build fails, and {DemoCatalogue.Robot} says so again and again");
        var answers = new List<DemoAnswer>();
        while (answers.Count < Tries || answers[^1].Status != 429)
        {
            answers.Add(await client.RobotAsync(Alert));
            await narrator.PauseAsync(0.2);
        }

        // The wait that the server names counts from its last answer.
        var wait = answers[^1].RetryAfter!.Value;

        var refused = answers.Where(a => a.Status == 429).ToList();
        narrator.Say($"it was answered {string.Join(" and ", answers.GroupBy(a => a.Status).Select(g => $"{g.Key} {g.Count()} times"))}; the last 429 said Retry-After: {wait.TotalSeconds:0}");
        var rows = await narrator.UntilAsync("the robot in the refused ledger", async () => Own(await client.RefusedAsync()) is var own && own.Sum(r => r.Count) >= refused.Count ? own : null);
        narrator.Say($"the refused ledger has {rows.Sum(r => r.Count)} of {rows[0].Identity}, because {rows[0].Reason}: {rows[0].Detail}");
        await narrator.ObeyAsync(wait);
        narrator.Say($"it waits as it was told, tries once more, and is answered {(await client.RobotAsync(Alert)).Status}");
        var build = await narrator.UntilAsync("the robot's incident", async () => (await client.RowsAsync()).FirstOrDefault(r => r.Service == DemoCatalogue.Search));
        narrator.Say($"all it opened is \"{build.Title}\": {build.Status}, {build.Severity}, {build.Pages} pages");
        await narrator.PauseAsync(4);
    }

    private static List<DemoRefused> Own(IReadOnlyList<DemoRefused> rows) => [.. rows.Where(r => r.Identity == DemoCatalogue.Robot)];
}
