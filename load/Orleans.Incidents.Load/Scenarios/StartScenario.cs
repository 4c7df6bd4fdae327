using System.Diagnostics;
using Incidents.Load.Measures;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Peers;
using Incidents.Load.Traffic;

namespace Incidents.Load.Scenarios;

/// <summary>From the start of the process to serving, with many groups open: after an orderly end, and after the process was killed.</summary>
internal static class StartScenario
{
    public static async Task<IReadOnlyList<StartResult>> RunAsync(RunContext context)
    {
        var results = new List<StartResult>();
        foreach (var peer in context.AllOurs)
        {
            await using var server = await context.StartAsync(peer, $"start-{peer}");
            await Filling.OpenAsync(context, server, context.Options.Groups);
            if (server.Store is { } store)
                await Filling.RestAsync(store, context.Stop);
            for (var round = 1; round <= context.Options.Rounds; round++)
            {
                foreach (var killed in (bool[])[false, true])
                {
                    results.Add(await OneAsync(context, server, round, killed));
                    var r = results[^1];
                    RunContext.Say($"round {round} {peer} {(killed ? "killed" : "stopped")}: ready after {r.ReadySeconds:F2} s, first alert answered after {r.AnsweredSeconds:F2} s, {r.ResidentMb:N0} MiB");
                }
            }
        }

        return results;
    }

    private static async Task<StartResult> OneAsync(RunContext context, PeerServer server, int round, bool killed)
    {
        var request = RequestSet.Once($"First{round}{(killed ? "k" : "s")}-", 1, 1, context.Token).Requests;
        var clock = await server.RestartAsync(killed, context.Stop);
        var ready = clock.Elapsed;
        using var generator = new Generator(server.Address, request, 1, 1);
        await generator.RunOutAsync(TimeSpan.FromSeconds(context.Options.Timeout), context.Stop);
        var answered = clock.Elapsed;
        RunContext.RequireClean(server, await generator.EndAsync());
        var used = ProcessTree.Read(server.Process.Pid).CpuSeconds;
        return new StartResult(server.Peer.Name, context.Options.Groups, round, killed, ready.TotalSeconds, answered.TotalSeconds, used, ProcessTree.ResidentMb(server.Process.Pid));
    }
}
