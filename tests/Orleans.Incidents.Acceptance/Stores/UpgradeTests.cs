using System.Globalization;
using Incidents.Acceptance.Durability;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Stores;

/// <summary>
/// A rolling upgrade: servers of the version before the newest database script are replaced one by one by this version, while senders send
/// and people act. tests/long.sh builds that version; by itself the test counts as skipped.
/// </summary>
public class UpgradeTests(ITestOutputHelper output)
{
    private const string Variable = "INCIDENTS_OLD_SERVER";

    // Between two replacements.
    private const int Answers = 150;
    private const int Resolved = 5;

    private readonly Random _random = new(Random.Shared.Next());

    [Fact]
    public async Task Silos_of_both_versions_decide_side_by_side_and_nothing_that_was_answered_is_missing_or_there_twice()
    {
        var old = Old();
        await Silos.RequireAsync();
        if (!(await ServerBinary.RunOtherAsync(old, "--version")).Output.Contains("cluster", StringComparison.Ordinal))
            Tool.Absent("the Orleans packages in the old server");
        using var folder = new Folder(Store.Cluster);
        await using var pager = await Pager.StartAsync();
        await using var silos = await Silos.StartAsync(folder, pager.Url, count: 2, program: old);
        using var work = new Work(folder, pager, _random, output.WriteLine);
        await work.GoOnAsync(silos.All);
        var (schema, before) = (SchemaOf(folder), await work.TimelinesAsync(silos.All[0]));

        await ReplaceAsync(silos, work, ServerBinary.Path, s => silos.StopAsync(s));
        Assert.NotEqual(schema, SchemaOf(folder));
        await Work.AssertTellsAsync(before, silos.All);

        // One of the old version that dies now is started again on a database that has the script.
        await ReplaceAsync(silos, work, old, s => silos.KillAsync(s));
        var mixed = await work.TimelinesAsync(silos.All[0]);
        await Work.AssertTellsAsync(mixed, silos.All);
        await AssertVerifiesAsync(folder, old);

        await ReplaceAsync(silos, work, ServerBinary.Path, s => silos.StopAsync(s), silos.All[1]);
        await Work.AssertTellsAsync(before.Concat(mixed.ExceptBy(before.Keys, m => m.Key)).ToDictionary(), silos.All);
        await work.AssertHoldsAsync(silos.All[0]);
        foreach (var silo in silos.All.ToList())
            await silos.StopAsync(silo);
        await AssertVerifiesAsync(folder, old);
    }

    [Fact]
    public async Task A_standby_of_this_version_takes_over_from_the_one_before_and_nothing_that_was_answered_is_missing_or_there_twice()
    {
        var old = Old();
        using var folder = new Folder(Store.Postgres);
        await using var pager = await Pager.StartAsync();
        await using var first = await StartAsync(folder, pager, old, "first", standsBy: false);
        using var work = new Work(folder, pager, _random, output.WriteLine);
        await work.GoOnAsync([first]);
        var (schema, before) = (SchemaOf(folder), await work.TimelinesAsync(first));
        await using var second = await StartAsync(folder, pager, ServerBinary.Path, "second", standsBy: true);
        await work.GoOnAsync([first, second], by: [first]);

        await first.StopAsync();
        await work.LeftAsync(first, [second]);
        await work.GoOnAsync([second]);

        Assert.NotEqual(schema, SchemaOf(folder));
        await Work.AssertTellsAsync(before, [second]);
        await work.AssertHoldsAsync(second);
        await second.StopAsync();
        await AssertVerifiesAsync(folder, old);
    }

    // The first one, where nobody says which.
    private static async Task ReplaceAsync(Silos silos, Work work, string program, Func<ServerProcess, Task> end, ServerProcess? which = null)
    {
        var gone = which ?? silos.All[0];
        await end(gone);
        await work.LeftAsync(gone, silos.All);
        silos.Program = program;
        await silos.AddAsync();
        await work.GoOnAsync(silos.All);
    }

    private static string Old()
    {
        PostgresServer.Require();
        if (Setting.Text(Variable) is { } path)
            return path;
        Tool.Absent($"{Variable}, the Orleans.Incidents.Server.dll of the version before the newest database script; tests/long.sh builds it");
        return "";
    }

    private static string SchemaOf(Folder folder) => folder.Ask("SELECT convert_from(value, 'UTF8') FROM meta WHERE key='schema'");

    private static Task<ServerProcess> StartAsync(Folder folder, Pager pager, string program, string name, bool standsBy) => ServerProcess.StartOtherAsync(
        program, folder.At(name), folder.Write($"{name}.yaml", TestConfig.Text(pager.Url)), standsBy, "--postgres", folder.Connection);

    private static async Task AssertVerifiesAsync(Folder folder, string old)
    {
        folder.AssertVerifies();
        var verified = await ServerBinary.RunOtherAsync(old, "audit", "verify", "--postgres", folder.Connection);
        Assert.True(verified.Exit == 0, verified.Output + verified.Errors);
    }

    // What goes on while servers are replaced.
    private sealed class Work(Folder folder, Pager pager, Random random, Action<string> say) : IDisposable
    {
        private readonly TrafficByServer _traffic = new(random, Chaos.Patience, say);
        private readonly People _people = new(pager, random.Next(), Chaos.Patience);
        private bool _begun;

        /// <summary>Senders send to these servers and people ask them, for so long that all that decide have their share.</summary>
        public async Task GoOnAsync(IReadOnlyList<ServerProcess> servers, IReadOnlyList<ServerProcess>? by = null)
        {
            _traffic.Start(servers);
            _people.Ask(servers);
            if (!_begun)
                _people.Start();
            _begun = true;
            foreach (var server in by ?? servers)
                await _traffic.AnsweredAsync(Answers, [server]);
            await _people.FinishAsync(Resolved);
        }

        public Task LeftAsync(ServerProcess gone, IReadOnlyList<ServerProcess> others)
        {
            _people.Ask(others);
            return _traffic.EndAsync(gone, isGone: true);
        }

        /// <summary>What a server tells of the incidents that people have resolved: each one's own events and its pages', by their hashes.</summary>
        public async Task<Dictionary<string, HashSet<string>>> TimelinesAsync(ServerProcess server)
        {
            var told = new Dictionary<string, HashSet<string>>();
            foreach (var incident in _people.Finished)
                told[incident] = await TimelineAsync(server, incident);
            return told;
        }

        /// <summary>Each of the servers tells everything that was told before.</summary>
        public static async Task AssertTellsAsync(Dictionary<string, HashSet<string>> before, IReadOnlyList<ServerProcess> servers)
        {
            Assert.NotEmpty(before);
            foreach (var (incident, told) in before)
            {
                foreach (var server in servers)
                {
                    var now = await TimelineAsync(server, incident);
                    Assert.True(told.IsSubsetOf(now), $"{incident} at {server.Url}: told before {string.Join("; ", told.Except(now))}, told only now {string.Join("; ", now.Except(told))}");
                }
            }
        }

        /// <summary>Ends it, and holds a server to what all were told.</summary>
        public async Task AssertHoldsAsync(ServerProcess server)
        {
            await _people.StopAsync();
            await _traffic.StopAsync();
            var ledger = new Ledger();
            await ledger.CheckAsync(server.Admin, _traffic.Sent);
            ledger.CheckTotals(_traffic.Sent);
            await ledger.CheckListAsync(server.Admin, after: long.Parse(folder.Ask("SELECT max(position) FROM flush"), CultureInfo.InvariantCulture));
            await ledger.CheckPagesAsync(pager, Chaos.Patience);
            await _people.CheckAsync(server.Admin);
            say($"{_traffic.Sent.Count} alerts, {_traffic.Sent.Count(s => s.Receipt is not null)} answered, {ledger.Incidents.Count} incidents; {_people}");
        }

        public void Dispose() => _people.Dispose();

        private static async Task<HashSet<string>> TimelineAsync(ServerProcess server, string incident)
        {
            var answer = await server.Admin.GetAsync($"/api/v1/incidents/{incident}/timeline");
            Assert.True(answer.Status == 200, answer.ToString());

            // What of a group belongs to the incident is decided by who reads, and the versions need not agree.
            return [.. answer.Json.GetProperty("items").EnumerateArray().Where(i => !i.GetProperty("what").GetString()!.StartsWith("group.", StringComparison.Ordinal)).Select(i => $"{i.GetProperty("what")} {i.GetProperty("by")} {i.GetProperty("at")} {i.GetProperty("hash")}")];
        }
    }
}
