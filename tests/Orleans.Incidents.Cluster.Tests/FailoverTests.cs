using System.Diagnostics;
using Incidents.Cluster.Tests.Silos;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Testing;

namespace Incidents.Cluster.Tests;

/// <summary>A third silo, in a process of its own, that is killed or stands still.</summary>
public sealed class FailoverTests(TwoSilos two, Proving.Proving proving) : IClassFixture<TwoSilos>
{
    private readonly SiloCluster _silos = two.Silos;

    [Fact]
    public async Task Shards_of_a_killed_silo_are_decided_for_again_and_nothing_is_lost()
    {
        var victim = await JoinAsync();

        await LoseAsync(victim, victim.Kill, "killed silo: its shards decide again");
        proving.Passed();
    }

    [Fact]
    public async Task A_silo_that_stood_still_finds_its_shards_taken_and_leaves()
    {
        var victim = await JoinAsync();

        await LoseAsync(victim, () => victim.Signal("STOP"), "silo that stands still: its shards decide again");
        victim.Signal("CONT");

        await Eventually.TrueAsync("it has left", () => victim.HasExited);
        Assert.Empty(_silos.ShardsOf(victim.Name));
        await _silos.CheckAsync(6, () => true);
        proving.Passed();
    }

    private async Task<SiloProcess> JoinAsync()
    {
        var joined = await _silos.AddProcessAsync();
        await Eventually.TrueAsync("it has its share", () => _silos.ShardsOf(joined.Name).Count is var count and >= 50 && _silos.Up.Sum(n => n.Host.Shards.Count) + count == StreamId.Shards);
        return joined;
    }

    private async Task LoseAsync(SiloProcess victim, Action lose, string what)
    {
        var orphaned = _silos.ShardsOf(victim.Name);
        var over = false;
        var checking = _silos.CheckAsync(60, () => Volatile.Read(ref over));
        lose();
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(orphaned.Select(async shard =>
        {
            await DecidesAsync(_silos.Up[shard % 2].Actors, StreamId.Identity(KeyIn(shard)));
            return Stopwatch.GetElapsedTime(started);
        }));
        Volatile.Write(ref over, true);
        await checking;
        await _silos.SettleAsync();

        // 6: dead, by the votes of the others.
        Assert.Equal("6 true", _silos.Store.Ask($"SELECT status || ' ' || (suspected IS NOT NULL)::text FROM silo WHERE name='{victim.Name}'"));
        proving.Took($"{what}, the first", times.Min());
        proving.Took($"{what}, the last", times.Max());
    }

    // Longer than a caller's patience, to tell how long it takes however long that is.
    private static Task DecidesAsync(IActors actors, StreamId actor) => Eventually.TrueAsync($"{actor} is decided for", async () =>
    {
        try
        {
            await actors.ReadAsync(actor);
            return true;
        }
        catch (OwnerUnreachableException)
        {
            return false;
        }
    });

    private static string KeyIn(int shard) =>
        Enumerable.Range(0, int.MaxValue).Select(i => $"identity-{i.ToString(System.Globalization.CultureInfo.InvariantCulture)}").First(k => StreamId.Identity(k).Shard == shard);
}
