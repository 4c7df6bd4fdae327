using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>From some moment on every sync fails, as a dying disk's do; strace plays the disk.</summary>
public class FailedSyncTests
{
    [Fact]
    public async Task A_failed_sync_of_the_refusal_ledger_takes_the_process_out_of_service()
    {
        using var folder = new Folder();
        folder.RequireFile();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url);
        await using var disk = await Strace.AttachAsync(server, "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO", "-o", "/dev/null");

        // Nothing but this refusal is written: no flush is there to notice.
        using var stranger = server.As("a-token-that-nobody-knows");
        Assert.Equal(401, (await stranger.PostAsync("/integrations/generic/alerts", """{"title":"Who am I"}""")).Status);

        Assert.Equal(1, await server.ExitAsync(Eventually.Patience));
        Assert.Contains("critical LeftService", server.Errors, StringComparison.Ordinal);
        await disk.EndedAsync();
        await using var again = await TestConfig.ServeAsync(folder, pager.Url);
        Assert.Equal(200, (await again.Admin.GetAsync("/readyz")).Status);
        folder.AssertVerifies();
    }
}
