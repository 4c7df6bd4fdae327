using System.Diagnostics;
using Incidents.Acceptance.Durability;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Stores;

/// <summary>What happens to a cluster.</summary>
internal enum Fault
{
    /// <summary>What a silo and the database say to each other is held back for a while.</summary>
    Stall,

    /// <summary>So it is until the silo says that nothing can be stored.</summary>
    LongStall,

    /// <summary>A silo's connections to the database are cut.</summary>
    Cut,

    /// <summary>They are cut for the silo alone: the database goes on with what it has heard, and keeps its locks.</summary>
    HalfOpen,

    /// <summary>They are cut for the database alone: the silo waits for answers that never come, half a minute and more. For long runs.</summary>
    Deaf,

    /// <summary>The database is stopped in order and started.</summary>
    Restart,

    /// <summary>The database crashes and is started.</summary>
    Crash,

    /// <summary>A silo, or two at once, are killed and replaced.</summary>
    Kill,

    /// <summary>So is one whose last words to the database are on their way still, and arrive later.</summary>
    KillInStall,

    /// <summary>The database does not answer a silo for so long that it leaves service. Takes more than a minute: for long runs.</summary>
    Exile,
}

/// <summary>Silos with a sender at each, and a database that fails: does to them what it is told, at a pace that answers set.</summary>
internal sealed class Chaos(Silos silos, PostgresServer postgres, Random random, Action<string> say)
{
    /// <summary>How long anything may take to be well again: long, because a busy machine is no failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TrafficByServer _traffic = new(random, Patience, say);

    /// <summary>Every alert of those that have stopped.</summary>
    public IReadOnlyCollection<Sent> Sent => _traffic.Sent;

    /// <summary>Starts a sender at every silo that has none.</summary>
    public void Send() => _traffic.Start(silos.All);

    /// <summary>Waits for so many further answers of any silo.</summary>
    public Task AnsweredAsync(int count, IReadOnlyCollection<ServerProcess>? by = null) => _traffic.AnsweredAsync(count, by);

    /// <summary>Does it, and returns when it is over, which is not when all is well again.</summary>
    public async Task HappenAsync(Fault fault)
    {
        var started = Stopwatch.GetTimestamp();
        var victim = silos.All[random.Next(silos.All.Count)];
        var (pace, relay) = (random.Next(10, 300), silos.NetworkOf(victim));
        switch (fault)
        {
            case Fault.Stall:
                relay.Stall();
                await AnsweredAsync(pace, Others(victim));
                relay.Resume();
                break;
            case Fault.LongStall:
                relay.Stall();
                await RefusesAsync(victim);
                relay.Resume();
                break;
            case Fault.Exile:
                relay.Stall();
                await AnsweredAsync(pace, Others(victim));
                await Eventually.TrueAsync($"{victim.Url} leaves service", () => !victim.IsRunning, Patience);
                relay.Resume();
                break;
            case Fault.Cut:
                Victims(victim).ForEach(s => silos.NetworkOf(s).Cut());
                break;
            case Fault.HalfOpen:
                Victims(victim).ForEach(s => silos.NetworkOf(s).HalfOpen());
                break;
            case Fault.Deaf:
                relay.HalfOpen(atServer: true);
                break;
            case Fault.Restart:
                await RestartAsync("fast");
                break;
            case Fault.Crash:
                await RestartAsync("immediate");
                break;
            case Fault.KillInStall:
                relay.Stall();
                await KillAsync(victim);
                await AnsweredAsync(pace);
                relay.Resume();
                break;
            default:
                foreach (var silo in random.Next(3) == 0 ? [victim, Others(victim)[0]] : new[] { victim })
                    await KillAsync(silo);
                break;
        }

        say($"{fault}: over after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
    }

    /// <summary>Replaces silos that were killed, and those that have left service, which must have said why; returns when all are ready.</summary>
    public async Task ReplaceAsync()
    {
        do
        {
            foreach (var gone in silos.All.Where(s => !s.IsRunning).ToList())
            {
                Assert.Equal(1, await gone.ExitAsync(TimeSpan.Zero));
                var why = gone.Errors.Split('\n').FirstOrDefault(l => l.Contains("LeftService", StringComparison.Ordinal));
                Assert.True(why is not null, $"a silo ended and did not say why: {gone.Output} {gone.Errors}");
                say($"left service: {why}");
                await silos.RemoveAsync(gone);
                await _traffic.EndAsync(gone, isGone: true);
            }

            while (silos.All.Count < ChaosTests.Count)
                await silos.AddAsync();
            Send();
            await Task.WhenAll(silos.All.Select(s => Eventually.TrueAsync($"{s.Url} is ready or has ended", async () => !s.IsRunning || await ReadinessAsync(s) == 200, Patience)));
        }
        while (!silos.All.All(s => s.IsRunning));
    }

    /// <summary>Stops all senders: what they were told is in <see cref="Sent"/>.</summary>
    public Task StopAsync() => _traffic.StopAsync();

    private IReadOnlyList<ServerProcess> Others(ServerProcess victim) => [.. silos.All.Where(s => s != victim)];

    // A switch that fails takes all of them, a cable one.
    private List<ServerProcess> Victims(ServerProcess one) => random.Next(3) == 0 ? [.. silos.All] : [one];

    private async Task RestartAsync(string mode)
    {
        var started = Stopwatch.GetTimestamp();
        postgres.Stop(mode);
        await Task.WhenAll(silos.All.Select(RefusesAsync));
        say($"every silo says so {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms after the database began to stop");
        postgres.Start();
    }

    private static Task RefusesAsync(ServerProcess silo) =>
        Eventually.TrueAsync($"{silo.Url} says that nothing can be stored", async () => !silo.IsRunning || await ReadinessAsync(silo) == 503, Patience);

    private static async Task<int> ReadinessAsync(ServerProcess silo)
    {
        try
        {
            return (await silo.Admin.GetAsync("/readyz")).Status;
        }
        catch (HttpRequestException)
        {
            // It is about to end.
            return 0;
        }
    }

    private async Task KillAsync(ServerProcess victim)
    {
        await silos.KillAsync(victim);
        await _traffic.EndAsync(victim, isGone: true);
    }
}
