using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>The process is killed in the middle of its work, again and again, on the same data.</summary>
public class KillTests
{
    private const int Kills = 20;
    private const int ChecksEvery = 5;

    // How many; a long run asks for more, and for its own seed.
    private readonly int _rounds;
    private readonly ITestOutputHelper _output;
    private readonly Store? _store;

    public KillTests(ITestOutputHelper output)
        : this(output, store: null, Kills)
    {
    }

    private protected KillTests(ITestOutputHelper output, Store? store, int kills) =>
        (_output, _store, _rounds) = (output, store, Setting.Number("INCIDENTS_KILLS") ?? kills);

    [Fact]
    public async Task What_was_answered_is_there_after_every_kill_and_pages_once()
    {
        var seed = Setting.Number("INCIDENTS_KILL_SEED") ?? Random.Shared.Next();
        _output.WriteLine($"INCIDENTS_KILL_SEED={seed}");
        var random = new Random(seed);
        using var folder = new Folder(_store);
        await using var pager = await Pager.StartAsync();
        var (ledger, all) = (new Ledger(), new List<Sent>());
        for (var round = 1; round <= _rounds; round++)
        {
            await using var server = await TestConfig.ServeAsync(folder, pager.Url);
            all.AddRange(await RoundAsync(server, round, random));
            if (round % ChecksEvery == 0)
                folder.AssertVerifies();
        }

        await using var last = await TestConfig.ServeAsync(folder, pager.Url);
        await ledger.CheckAsync(last.Admin, all);
        ledger.CheckTotals(all);
        await ledger.CheckListAsync(last.Admin, after: 0);
        _output.WriteLine($"{all.Count} alerts, {all.Count(s => s.Receipt is not null)} answered, {ledger.Incidents.Count} incidents");
        await AssertPagedOnceAsync(last.Admin, pager);
        await last.StopAsync();
        folder.AssertVerifies();
        Assert.Equal(0, (await ServerBinary.RunAsync(["audit", "verify", .. folder.Where])).Exit);
    }

    // The moment is drawn in answers rather than in seconds, so that every kill is in the middle of work however busy the machine is.
    private static async Task<IReadOnlyCollection<Sent>> RoundAsync(ServerProcess server, int round, Random random)
    {
        var traffic = new Traffic(server.Url, $"r{round}", random.Next());
        var moment = random.Next(10, 120);
        traffic.Start();
        await Eventually.TrueAsync($"{moment} answers", () => traffic.Answers >= moment);
        await server.KillAsync();
        await traffic.StopAsync();
        Assert.DoesNotContain(traffic.Others, status => status >= 500);
        return traffic.Sent;
    }

    // A page whose attempt was cut off is made again 20 s after it began, under the same id.
    private static async Task AssertPagedOnceAsync(Api api, Pager pager)
    {
        var incidents = (await api.IncidentsAsync()).Select(i => i.GetProperty("id").GetString()!).ToList();
        await Eventually.TrueAsync("a page of every incident", () => incidents.TrueForAll(pager.Pages.Select(p => p.Incident).ToHashSet().Contains), TimeSpan.FromSeconds(60));
        var distinct = pager.Pages.GroupBy(p => (p.Incident, p.Step), p => p.Id);
        Assert.All(distinct, pages => Assert.Single(pages.Distinct()));
        Assert.Equal(incidents.Order(), pager.Pages.Select(p => p.Incident).Distinct().Order());
    }
}
