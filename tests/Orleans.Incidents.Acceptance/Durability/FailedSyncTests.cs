using System.Diagnostics;
using System.Globalization;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>From some moment on every sync fails, as a dying disk's do; strace plays the disk.</summary>
public class FailedSyncTests
{
    [Fact]
    public async Task A_failed_sync_of_the_refusal_ledger_takes_the_process_out_of_service()
    {
        Tool.Find("strace");
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url);
        using var disk = await DieAsync(server);

        // Nothing but this refusal is written: no flush is there to notice.
        using var stranger = server.As("a-token-that-nobody-knows");
        Assert.Equal(401, (await stranger.PostAsync("/integrations/generic/alerts", """{"title":"Who am I"}""")).Status);

        Assert.Equal(1, await server.ExitAsync(Eventually.Patience));
        Assert.Contains("critical LeftService", server.Errors, StringComparison.Ordinal);
        await disk.WaitForExitAsync(TestContext.Current.CancellationToken);
        await using var again = await TestConfig.ServeAsync(folder, pager.Url);
        Assert.Equal(200, (await again.Admin.GetAsync("/readyz")).Status);
        folder.AssertVerifies();
    }

    private static async Task<Process> DieAsync(ServerProcess server)
    {
        var strace = new Process
        {
            StartInfo = new ProcessStartInfo(Tool.Find("strace"), [
                "-f", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO", "-o", "/dev/null", "-p", server.Id.ToString(CultureInfo.InvariantCulture)])
            {
                UseShellExecute = false, RedirectStandardError = true,
            },
        };
        strace.Start();
        var said = await strace.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        if (said?.Contains("attached") != true)
            Tool.Absent($"the right to trace a process ({said})");
        _ = strace.StandardError.ReadToEndAsync(CancellationToken.None);
        return strace;
    }
}
