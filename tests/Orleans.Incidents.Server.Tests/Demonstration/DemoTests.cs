using System.Globalization;
using Incidents.Server.Demonstration;
using Incidents.Testing;

namespace Incidents.Server.Tests.Demonstration;

/// <summary>The demonstration, played fast, by what the server says of it afterwards.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task A_fast_run_shows_an_incident_a_storm_and_a_refused_robot()
    {
        await using var demo = DemoRun.Start();
        await demo.OverAsync();

        var rows = await demo.RowsAsync();
        var storm = Assert.Single(rows, r => r.Kind == "storm");
        var others = rows.Where(r => r.Service == DemoCatalogue.Platform && r.Kind != "storm").ToList();
        Assert.Equal(3 + 5, others.Count);
        Assert.Equal(250, storm.Problems + others.Sum(r => r.Problems));
        Assert.Equal(5_000, storm.Alerts + storm.Repeats + others.Sum(r => r.Alerts + r.Repeats));
        Assert.Equal(1, storm.Pages);
        Assert.Equal("active", storm.Status);

        var real = Assert.Single(rows, r => r.Service == DemoCatalogue.Checkout);
        Assert.Equal(("resolved", "anna", 1L, 3L), (real.Status, real.AcknowledgedBy, real.Pages, real.Repeats));

        var robot = Assert.Single(rows, r => r.Service == DemoCatalogue.Search);
        Assert.Equal(("triage", 0L), (robot.Status, robot.Pages));
        var refused = await demo.RefusedAsync();
        Assert.All(refused, r => Assert.Equal((DemoCatalogue.Robot, "OverRequestBudget"), (r.Identity, r.Reason)));
        Assert.Contains($"the refused ledger has {refused.Sum(r => r.Count)} of ci-robot", demo.Output, StringComparison.Ordinal);
        Assert.Matches(@"429 \d+ times; the last 429 said Retry-After: [1-9]", demo.Output);
        Assert.Contains("tries once more, and is answered 202", demo.Output, StringComparison.Ordinal);
        Assert.Matches($@"repeat [\d,]+ of [\d,]+, folded into {storm.Id}", demo.Output);
        Assert.Contains($"of {(storm.Alerts + storm.Repeats).ToString("N0", CultureInfo.InvariantCulture)} alerts", demo.Output, StringComparison.Ordinal);

        Assert.Equal(0, await demo.StopAsync());
        Assert.Equal("", demo.Errors);
        Assert.False(Directory.Exists(demo.Folder), $"{demo.Folder} was left behind");
    }

    [Fact]
    public async Task A_stop_in_the_middle_leaves_nothing_behind()
    {
        await using var demo = DemoRun.Start(speed: 0.01);
        await Eventually.TrueAsync("the demonstration's beginning", () => demo.Output.Contains("The demonstration begins", StringComparison.Ordinal));

        Assert.Equal(0, await demo.StopAsync());
        Assert.Contains("cut short by the stop", demo.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(demo.Folder), $"{demo.Folder} was left behind");
    }

    [Fact]
    public async Task A_configuration_file_beside_it_is_a_mistake_that_is_named()
    {
        using var errors = new StringWriter();

        var exit = await DemoCommand.RunAsync(DemoRun.Options with { ConfigFile = "incidents.yaml" }, 1, TextWriter.Null, errors, TestContext.Current.CancellationToken);

        Assert.Equal(1, exit);
        Assert.Contains("--config", errors.ToString(), StringComparison.Ordinal);
    }
}
