using System.Text;
using Incidents.Testing;

namespace Incidents.Server.Tests.Preview;

/// <summary>Random trees and label sets, asked of us and of the real amtool: the same receivers, and the same refusals.</summary>
public sealed class AmtoolTests : IDisposable
{
    private const int Trees = 40;
    private const int LabelSets = 3;

    // The tool that Debian 12 has knows the classic grammar only; its modes came later.
    private static readonly string[] Matchers =
    [
        "a=\"1\"", "a!=\"1\"", "a=~\"1|2\"", "a!~\"1|2\"", "b=\"\"", "b!=\"\"", "b=~\"x.*\"", "b=~\".+\"", "c=1", "c=~\"[0-9]+\"", "{a=\"2\",b!=\"y\"}", "b=\"x\\\\ny\"",
    ];

    private static readonly string[] Labels = ["a=1", "a=2", "a=3", "b=x", "b=xyz", "b=\"y\"", "c=1", "c=17", "c=", "d=\"x y\"", "b= x "];

    private static readonly string[] Broken = ["a~1", "a=\"1", "=1", "a=~\"(\"", "1a=b"];

    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task The_receivers_are_amtools()
    {
        var random = new Random(17);
        for (var i = 0; i < Trees; i++)
        {
            var file = _run.Write("alertmanager.yml", Config(random));
            for (var j = 0; j < LabelSets; j++)
                await SameAsync(file, [.. Labels.Where(_ => random.Next(4) == 0)]);
        }
    }

    [Fact]
    public async Task What_amtool_refuses_is_refused()
    {
        var good = "route: {receiver: r0, routes: [{receiver: r1, matchers: ['a=1']}]}\nreceivers: [{name: r0}, {name: r1}]\n";
        foreach (var broken in Broken)
        {
            await SameAsync(_run.Write("alertmanager.yml", good.Replace("a=1", broken, StringComparison.Ordinal)), ["a=1"]);
            await SameAsync(_run.Write("alertmanager.yml", good), [broken]);
        }

        await SameAsync(_run.Write("alertmanager.yml", good.Replace("{name: r1}", "{name: r2}", StringComparison.Ordinal)), ["a=1"]);
        await SameAsync(_run.Write("alertmanager.yml", good.Replace("{name: r1}", "{name: r0}", StringComparison.Ordinal)), ["a=1"]);
        await SameAsync(_run.Write("alertmanager.yml", "receivers: [{name: r0}]"), ["a=1"]);
    }

    [Theory]
    [InlineData("r1", 0)]
    [InlineData("r0", 1)]
    public async Task Verifying_ends_as_amtools_does(string receivers, int exit)
    {
        var file = _run.Write("alertmanager.yml", "route: {receiver: r0, routes: [{receiver: r1, matchers: ['a=1']}]}\nreceivers: [{name: r0}, {name: r1}]\n");
        var theirs = await Tool.RunAsync("amtool", "config", "routes", "test", "--config.file", file, "--verify.receivers", receivers, "a=1");
        var ours = await CommandRun.RunAsync("routes", "test", "--config.file", file, "--verify.receivers", receivers, "a=1");
        Assert.Equal((exit, exit), (theirs.Exit, ours.Exit));
    }

    private static async Task SameAsync(string file, string[] labels)
    {
        var theirs = await Tool.RunAsync("amtool", ["config", "routes", "test", "--config.file", file, .. labels]);
        var ours = await CommandRun.RunAsync(["routes", "test", "--config", file, "--matchers", "classic", .. labels]);
        var context = $"{string.Join(' ', labels)}\n{await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)}\n{theirs.Errors}{ours.Errors}";
        Assert.True(theirs.Exit == ours.Exit, $"amtool ends with {theirs.Exit}, we with {ours.Exit}: {context}");
        if (theirs.Exit == 0)
            Assert.True(theirs.Output.Trim() == ours.Output.Split('\n')[0], $"amtool says {theirs.Output.Trim()}, we say {ours.Output}: {context}");
    }

    private static string Config(Random random)
    {
        var text = new StringBuilder("route:\n  receiver: r0\n");
        var receivers = 1;
        Routes(random, text, "  ", depth: 0, ref receivers);
        return text.Append("receivers:\n").AppendJoin("", Enumerable.Range(0, receivers).Select(r => $"- name: r{r}\n")).ToString();
    }

    private static void Routes(Random random, StringBuilder text, string indent, int depth, ref int receivers)
    {
        text.Append(indent).Append("routes:\n");
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            text.Append($"{indent}- continue: {(random.Next(3) == 0 ? "true" : "false")}\n");
            if (random.Next(5) > 0)
                text.Append($"{indent}  receiver: r{receivers++}\n");
            if (random.Next(4) == 0)
                text.Append($"{indent}  match: {{a: '{random.Next(1, 3)}'}}\n");
            if (random.Next(4) == 0)
                text.Append($"{indent}  match_re: {{b: 'x.*|y'}}\n");
            var matchers = Enumerable.Range(0, random.Next(3)).Select(_ => Matchers[random.Next(Matchers.Length)]).ToList();
            if (matchers.Count > 0)
                text.Append($"{indent}  matchers: [{string.Join(", ", matchers.Select(m => $"'{m}'"))}]\n");
            if (depth < 2 && random.Next(2) == 0)
                Routes(random, text, indent + "  ", depth + 1, ref receivers);
        }
    }
}
