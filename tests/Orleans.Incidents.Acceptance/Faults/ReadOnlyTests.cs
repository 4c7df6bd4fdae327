using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Faults;

/// <summary>The data can only be read, from the start or from some moment on.</summary>
public class ReadOnlyTests
{
    // The system lets no file system become read-only while files on it are open for writing; on an error of the disk it does so itself.
    [Fact]
    public async Task A_disk_that_becomes_read_only_takes_the_process_out_of_service_and_keeps_what_was_accepted()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url);
        using var sender = server.As(TestConfig.Generic);
        var receipt = (await sender.AlertAsync("""{"dedup_key":"early","title":"Problem early","severity":"critical"}"""))[0];
        await using var disk = await Strace.AttachAsync(server, "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=EROFS", "-o", "/dev/null");

        var late = await StatusAsync(sender);

        Assert.True(late is 0 or 503, $"answered {late}");
        Assert.Equal(1, await server.ExitAsync(Eventually.Patience));
        Assert.Contains("critical LeftService", server.Errors, StringComparison.Ordinal);
        Assert.Contains("the data folder has become read-only", server.Errors, StringComparison.Ordinal);
        await using var again = await TestConfig.ServeAsync(folder, pager.Url);
        Assert.Equal("OpenedGroup", (await again.Admin.OutcomeAsync(receipt)).GetProperty("reason").GetString());
        folder.AssertVerifies();
    }

    [Fact]
    public async Task A_read_only_file_system_is_named_at_the_start()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 24);
        await MakeAsync(disk);
        await disk.FreezeAsync();

        await AssertRefusedAsync(disk, "Read-only file system");
    }

    [Fact]
    public async Task A_read_only_journal_is_named_at_the_start()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 24);
        await MakeAsync(disk);
        await using (await disk.FreezeAsync("data/journal.db"))
            await AssertRefusedAsync(disk, "journal.db is read-only: make it writable");

        await using var again = await ServerProcess.StartAsync(disk.At("data"));
    }

    // A server leaves journal, views and lock there.
    private static async Task MakeAsync(SmallDisk disk)
    {
        await using var server = await ServerProcess.StartAsync(disk.At("data"));
        await server.StopAsync();
    }

    private static async Task AssertRefusedAsync(SmallDisk disk, string names)
    {
        var run = await ServerBinary.RunAsync("serve", "--data", disk.At("data"), "--urls", "http://127.0.0.1:0");
        Assert.NotEqual(0, run.Exit);
        Assert.Contains(names, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.DoesNotContain("Exception", run.Errors + run.Output);
    }

    // 0: the connection was cut, because the process left while it held the request.
    private static async Task<int> StatusAsync(Api sender)
    {
        try
        {
            return (await sender.PostAsync("/integrations/generic/alerts", """{"title":"Late"}""")).Status;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
