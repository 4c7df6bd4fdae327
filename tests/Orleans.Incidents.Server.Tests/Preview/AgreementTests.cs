using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Server.Preview;

namespace Incidents.Server.Tests.Preview;

/// <summary>What a preview says is what then happens: event by event, in order, on whatever has happened before.</summary>
public sealed class AgreementTests
{
    private const int Steps = 60;

    private static readonly string[] Actions = ["trigger", "trigger", "trigger", "resolve", "acknowledge"];
    private static readonly string[] Severities = ["critical", "error", "warning", "info"];
    private static readonly string[] Teams = ["none", "careful", "stormy", "silent", "waits", "counts", "reopens", "both"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_is_previewed_is_what_is_then_journalled(int seed)
    {
        var random = new Random(seed);
        await using var bench = await Bench.StartAsync();
        var incidents = new HashSet<string>(StringComparer.Ordinal);
        for (var step = 0; step < Steps; step++)
        {
            bench.Clock.Now += TimeSpan.FromSeconds(random.Next(2));
            if (incidents.Count > 0 && random.Next(4) == 0)
                await bench.ActAsync(incidents.ElementAt(random.Next(incidents.Count)), Command(random));
            await SettleAsync(bench);
            var body = $"[{string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Alert(random)))}]";
            var before = bench.Runtime.History.Position;

            var said = await bench.PreviewAsync(body);
            await bench.SendAsync(body);
            await SettleAsync(bench);

            var happened = Happened(bench, before, incidents).ToList();
            Assert.Equal(Said(said).Order(StringComparer.Ordinal), happened.Order(StringComparer.Ordinal));
            Assert.All(said.WouldDo, w => Assert.NotEmpty(w.Text));
        }

        Assert.True(incidents.Count > 5, "hardly anything was opened");
    }

    [Fact]
    public async Task A_preview_leaves_the_journal_as_it_is_and_spends_no_budget()
    {
        await using var bench = await Bench.StartAsync();
        var before = bench.Runtime.History.Position;
        for (var i = 0; i < 5; i++)
        {
            var would = await bench.WouldAsync($$$"""{"title":"s{{{i}}}","severity":"critical","labels":{"team":"stormy"}}""");
            Assert.Equal("OpenedPaging", would.Reason);
        }

        await SettleAsync(bench);
        Assert.Equal(before, bench.Runtime.History.Position);
    }

    private static IEnumerable<string> Said(PreviewAnswer answer) =>
        answer.WouldDo.SelectMany(w => w.Decisions).SelectMany(d => d.Events.Select(e => $"{d.Actor} {e} {d.Reason}"));

    private static IEnumerable<string> Happened(Bench bench, long before, HashSet<string> incidents)
    {
        var events = bench.Runtime.History.After(before, 100_000);
        var opened = events.Where(e => e.Envelope.Type == "incident.opened").Select(e => e.Envelope.Stream).ToHashSet(StringComparer.Ordinal);
        incidents.UnionWith(opened.Select(s => StreamId.Parse(s).Key));
        return events.Select(e => e.Envelope)
            .Where(e => !e.Type.StartsWith("page.", StringComparison.Ordinal) && e.Type is not ("incident.page-reported" or "group.alerts-repeated"))
            .Select(e => $"{(opened.Contains(e.Stream) ? "incident/new" : e.Stream)} {e.Type} {e.Reason}");
    }

    // Each look waits behind what is ready: after so many of them the longest chain is through.
    private static async Task SettleAsync(Bench bench)
    {
        for (var i = 0; i < 12; i++)
            await bench.Runtime.Host.ReadAsync(StreamId.Routing);
    }

    private static ICommand Command(Random random) => random.Next(5) switch
    {
        0 => new AcknowledgeIncident(),
        1 => new ResolveIncident(),
        2 => new ReopenIncident(),
        3 => new CloseIncident(),
        _ => new AddNote("looked at it"),
    };

    private static string Alert(Random random)
    {
        string Any(string[] words) => words[random.Next(words.Length)];
        var key = random.Next(3) == 0 ? $"\"dedup_key\":\"k{random.Next(3)}\"," : "";
        return $$$"""{{{{key}}}"title":"t","action":"{{{Any(Actions)}}}","severity":"{{{Any(Severities)}}}","labels":{"alertname":"a{{{random.Next(2)}}}","host":"{{{random.Next(3)}}}","team":"{{{Any(Teams)}}}"}}""";
    }
}
