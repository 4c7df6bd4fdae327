using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Operations;

/// <summary>Somebody else's dead man's switch must go off when this server cannot do its work, although its process lives.</summary>
public sealed class OutwardHeartbeatTests
{
    [Fact]
    public Task A_full_disk_is_not_taken_for_a_healthy_server() => StaysOutAsync(Disk.FullAsync);

    [Fact]
    public Task A_hanging_disk_is_not_taken_for_a_healthy_server() => StaysOutAsync(Disk.HangingAsync);

    [Fact]
    public async Task A_process_that_is_gone_is_not_taken_for_a_healthy_server()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var outside = await DeadMansSwitch.StartAsync();
        await using var server = await WatchConfig.ServeAsync(folder, pager.Url, outside.Url);
        await outside.FurtherAsync(2);
        await server.KillAsync();
        var calls = outside.Calls;
        await using var again = await WatchConfig.ServeAsync(folder, pager.Url, outside.Url);
        Assert.Equal(calls, outside.Calls);
        await outside.FurtherAsync(1);
    }

    private static async Task StaysOutAsync(Func<ServerProcess, Task<Disk>> spoil)
    {
        Tool.Find("strace");
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var outside = await DeadMansSwitch.StartAsync();
        await using var server = await WatchConfig.ServeAsync(folder, pager.Url, outside.Url);
        await outside.FurtherAsync(2);
        using var sender = server.As(TestConfig.Generic);
        await using (await spoil(server))
        {
            // Whatever was answered before this, this is what the disk has to take and does not.
            var answer = sender.PostAsync("/integrations/generic/alerts", """{"dedup_key":"a","title":"A","severity":"critical"}""");
            await Eventually.TrueAsync("the watchdog finds that the journal cannot be written", async () =>
                (await server.Admin.GetAsync("/metrics")).Text.Contains("kind=\"unwritable_journal\"} 1", StringComparison.Ordinal), TimeSpan.FromSeconds(60));

            // From here on until the disk is well no check passes: three further ones come to their end.
            var calls = outside.Calls;
            for (var i = 0; i < 3; i++)
                await server.CheckedAsync();
            Assert.Equal(calls, outside.Calls);
            Assert.Equal(503, (await answer).Status);
        }

        await outside.FurtherAsync(2);
        Assert.Equal(202, (await sender.PostAsync("/integrations/generic/alerts", """{"dedup_key":"a","title":"A","severity":"critical"}""")).Status);
    }
}
