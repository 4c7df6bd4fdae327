using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Incidents.Cluster.Hosting;
using Incidents.Cluster.Tests.Silos;
using Incidents.Decisions;
using Incidents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Incidents.Cluster.Tests;

/// <summary>Silos that come and go in order, and those that must not be let in.</summary>
public sealed class MovingTests(Proving.Proving proving)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_that_is_replaced_under_load_loses_nothing_and_gives_its_share_to_the_others()
    {
        await using var silos = await SiloCluster.StartAsync(3);
        var over = false;
        var checking = silos.CheckAsync(60, () => Volatile.Read(ref over));
        var leaving = silos.Silos[1];
        var share = leaving.Node.Host.Shards.Count;

        var started = Stopwatch.GetTimestamp();
        await silos.StopAsync(leaving);
        await Eventually.TrueAsync("its shards are with the others", () => silos.Up.Sum(n => n.Host.Shards.Count) == StreamId.Shards);
        proving.Took("stop in order of a silo: its shards are with the others", Stopwatch.GetElapsedTime(started));
        Assert.Empty(leaving.Node.Lost);
        Assert.InRange(share, 50, 125);

        started = Stopwatch.GetTimestamp();
        await silos.AddAsync();
        await silos.SettleAsync();
        proving.Took("join of a silo: its share is with it", Stopwatch.GetElapsedTime(started));
        Volatile.Write(ref over, true);
        await checking;
        Assert.All(silos.Up, n => Assert.Empty(n.Lost));
        proving.Passed();
    }

    [Fact]
    public async Task Silos_with_a_certificate_talk_to_each_other_and_believe_no_other()
    {
        var folder = Directory.CreateTempSubdirectory("tls-");
        var tls = new ClusterTls(Make("silos.example"), "secret");
        await using (var silos = await SiloCluster.StartAsync(2, o => o with { Tls = tls }))
            await silos.CheckAsync(12, () => true);

        var trust = new SiloTrust(tls);
        using var own = X509CertificateLoader.LoadPkcs12FromFile(tls.Certificate, tls.Password);
        using var other = X509CertificateLoader.LoadPkcs12FromFile(Make("other.example"), tls.Password);
        Assert.True(trust.IsTrusted(own));
        Assert.False(trust.IsTrusted(other));
        folder.Delete(recursive: true);
        proving.Passed();

        string Make(string name)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var file = Path.Combine(folder.FullName, name + ".pfx");
            File.WriteAllBytes(file, made.Export(X509ContentType.Pfx, "secret"));
            return file;
        }
    }

    [Fact]
    public async Task The_list_of_silos_keeps_to_what_Orleans_asks_of_it()
    {
        await using var silos = await SiloCluster.StartAsync(1);
        var table = silos.Silos[0].Services.GetRequiredService<IMembershipTable>();
        var here = silos.Silos[0].Address;
        var (before, _) = await ReadAsync();
        var dead = Entry(SiloAddress.New(System.Net.IPAddress.Parse("10.0.0.1"), 11111, here.Generation), SiloStatus.Dead);

        // Inserted at the version that was seen, once; at an old version nothing changes.
        Assert.True(await table.InsertRowAsync(dead, before.Next(), Cancel));
        Assert.False(await table.InsertRowAsync(dead, before.Next(), Cancel));
        Assert.False(await table.UpdateRowAsync(dead, "", before.Next(), Cancel));
        var (after, rows) = await ReadAsync();
        Assert.False(await table.InsertRowAsync(dead, after.Next(), Cancel));
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Contains(rows, r => r.SiloAddress.Equals(here) && r.Status == SiloStatus.Active);
        Assert.Equal(dead.StartTime, Assert.Single(rows, r => r.SiloAddress.Equals(dead.SiloAddress)).StartTime);

        await table.UpdateIAmAliveAsync(dead, Cancel);

        // The dead are forgotten by their age, the living never.
        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddHours(-2), Cancel);
        Assert.Equal(2, (await ReadAsync()).Rows.Count);
        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddHours(2), Cancel);
        Assert.Equal(here, Assert.Single((await ReadAsync()).Rows).SiloAddress);
        Assert.Empty((await table.ReadRowAsync(dead.SiloAddress, Cancel)).Members);
        proving.Passed();

        async Task<(TableVersion Version, List<MembershipEntry> Rows)> ReadAsync()
        {
            var all = await table.ReadAllAsync(Cancel);
            return (all.Version, [.. all.Members.Select(m => m.Item1)]);
        }

        static MembershipEntry Entry(SiloAddress address, SiloStatus status)
        {
            var now = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
            return new MembershipEntry { SiloAddress = address, Status = status, SiloName = "dead", HostName = "host", StartTime = now, IAmAliveTime = DateTime.UtcNow.AddMinutes(-1), ProxyPort = 0 };
        }
    }
}
