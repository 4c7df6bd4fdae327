using Incidents.Server.Edge;
using Incidents.Server.Hosting;

namespace Incidents.Server.Demonstration;

/// <summary>The order of the scenes, and where to look afterwards.</summary>
internal static class DemoScript
{
    public static async Task PlayAsync(WebApplication app, DemoTokens tokens, Narrator narrator)
    {
        var url = Address(app.Urls);
        using var client = new DemoClient(new Uri(url), tokens, narrator.Stop);
        narrator.Heading("The demonstration begins: open the browser link above and watch. Every number is read from the server.");
        narrator.Say($"services: {await client.NamesAsync("services")}; on call: {await client.NamesAsync("responders")}");
        await narrator.PauseAsync(8);
        await LatencyScene.PlayAsync(client, narrator);
        await StormScene.PlayAsync(client, narrator);
        await RobotScene.PlayAsync(client, narrator);
        await EndAsync(client, narrator, $"{url}/sign-in/{app.Services.GetRequiredService<Sessions>().NewLink(Starter.Admin)}");
    }

    private static async Task EndAsync(DemoClient client, Narrator narrator, string link)
    {
        var rows = await client.RowsAsync();
        narrator.Heading($"The demonstration is over: {rows.Sum(r => r.Alerts + r.Repeats):N0} alerts, {rows.Count} incidents, {rows.Sum(r => r.Pages)} pages.");
        foreach (var row in rows)
            narrator.Say($"{row.Severity,-8} {row.Status,-8} {row.Alerts + row.Repeats,6:N0} alerts {row.Pages,2} pages  {row.Title}");
        narrator.Heading($"""
            Look at {link}   (once, within 10 minutes)
            The storm is still open and nobody is on it: acknowledge it there, or see the next step being paged 5 minutes after the first,
            and its alerts end by silence when nobody sends them again. Stop with Ctrl+C; everything is deleted then.
            """);
    }

    // The demonstration calls its own server by loopback, whatever else it listens on.
    private static string Address(ICollection<string> urls) =>
        (urls.FirstOrDefault(u => u.StartsWith("http://", StringComparison.Ordinal)) ?? throw new InvalidOperationException("the demonstration needs an http:// address to call itself"))
        .TrimEnd('/').Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal);
}
