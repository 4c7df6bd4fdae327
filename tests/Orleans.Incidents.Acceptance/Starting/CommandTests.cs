using System.Text.RegularExpressions;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Starting;

/// <summary>The commands beside serve.</summary>
public partial class CommandTests
{
    [Fact]
    public async Task The_version_names_version_and_hosts()
    {
        var run = await ServerBinary.RunAsync("--version");

        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Matches(@"^\d+\.\d+\.\d+ \(hosts: .*embedded.*\)\n$", run.Output);
    }

    [Fact]
    public async Task The_example_passes_its_own_check_and_serves()
    {
        using var folder = new Folder();
        var example = await ServerBinary.RunAsync("config", "example");
        var file = folder.Write("example.yaml", example.Output);
        var secrets = Reference().Matches(example.Output).Select(m => m.Groups["name"].Value).Where(n => n != "NAME").Distinct()
            .ToDictionary(n => n, n => n.Contains("WEBHOOK") ? Pager.Secret : n.EndsWith("_URL", StringComparison.Ordinal) ? "http://127.0.0.1:9/" : n.Contains("ROUTING") ? TestConfig.RoutingKey : $"{n}-0123456789");

        var check = await ServerBinary.RunAsync(secrets, "config", "check", file);

        Assert.True(check.Exit == 0, check.Errors);
        Assert.NotEqual(0, (await ServerBinary.RunAsync("config", "check", file)).Exit);
        await using var server = await ServerProcess.StartAsync(folder.Data, file, secrets);
        Assert.Equal(200, (await server.Admin.GetAsync("/readyz")).Status);
    }

    [Fact]
    public async Task A_reset_token_ends_the_old_one_at_once()
    {
        using var folder = new Folder();
        await using (var server = await ServerProcess.StartAsync(folder.Data))
        {
            Assert.Equal(200, (await server.Admin.GetAsync("/api/v1/incidents")).Status);
            await server.StopAsync();
        }

        var reset = await ServerBinary.RunAsync("token", "reset", "--data", folder.Data);

        Assert.True(reset.Exit == 0, reset.Errors);
        await using var again = await ServerProcess.StartAsync(folder.Data, givesToken: false);
        using var renewed = again.As(reset.Output.Trim());
        Assert.Equal(401, (await again.Admin.GetAsync("/api/v1/incidents")).Status);
        Assert.Equal(200, (await renewed.GetAsync("/api/v1/incidents")).Status);
        Assert.DoesNotContain(reset.Output.Trim(), again.Output);
    }

    [Fact]
    public async Task The_first_start_prints_a_token_and_a_line_that_works_when_pasted()
    {
        using var folder = new Folder();
        await using var server = await ServerProcess.StartAsync(folder.Data, givesToken: false);
        var token = server.Output.Split('\n').Single(l => l.StartsWith("  admin ", StringComparison.Ordinal)).Split(' ')[^1];
        using var admin = server.As(token);

        var incident = await admin.OpenAsync("""{"title":"Disk full on db-1","severity":"critical"}""");

        Assert.Equal("active", await admin.StatusAsync(incident));
        Assert.Contains($"curl -sS {server.Url}/integrations/generic/alerts -H 'Authorization: Bearer {token}'", server.Output);
        await server.StopAsync();
        folder.AssertVerifies();
    }

    [GeneratedRegex("env:(?<name>[A-Z_]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
