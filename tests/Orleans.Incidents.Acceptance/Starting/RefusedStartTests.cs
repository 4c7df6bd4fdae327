using Incidents.Acceptance.Processes;
using Incidents.Journal.Sqlite;

namespace Incidents.Acceptance.Starting;

/// <summary>A server that cannot start says why in one line, and its exit code is not zero.</summary>
public class RefusedStartTests(FileInstallation installation) : IClassFixture<FileInstallation>
{
    [Fact]
    public async Task A_busy_port_is_named()
    {
        using var folder = new Folder();

        await AssertRefusedAsync(installation.Server.Url, "serve", "--data", folder.Data, "--urls", installation.Server.Url);

        // Else the first admin token would be made here and printed nowhere.
        Assert.False(File.Exists(Path.Combine(folder.Data, "journal.db")));
    }

    [Fact]
    public Task A_data_folder_in_use_is_named() =>
        AssertRefusedAsync(installation.Folder.Data, "serve", "--data", installation.Folder.Data, "--urls", "http://127.0.0.1:0");

    [Fact]
    public Task An_unknown_option_is_named() => AssertRefusedAsync("--dta", "serve", "--dta", "x");

    [Fact]
    public Task An_unknown_command_is_named() => AssertRefusedAsync("sevre", "sevre");

    [Fact]
    public async Task A_broken_configuration_file_is_shown_with_line_and_column()
    {
        using var folder = new Folder();
        var file = folder.Write("broken.yaml", "services:\n  shop: { policy: nobody }\n");

        await AssertRefusedAsync($"{file}:2:19", "serve", "--data", folder.Data, "--config", file, "--urls", "http://127.0.0.1:0");
    }

    [Fact]
    public async Task An_absent_configuration_file_is_named()
    {
        using var folder = new Folder();

        await AssertRefusedAsync(folder.At("none.yaml"), "serve", "--data", folder.Data, "--config", folder.At("none.yaml"), "--urls", "http://127.0.0.1:0");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        using var folder = new Folder();
        var file = folder.Write("file", "not a folder");

        await AssertRefusedAsync(file, "serve", "--data", Path.Combine(file, "data"), "--urls", "http://127.0.0.1:0");
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_left_alone()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.Data);
        using (var database = new Database(folder.Journal, readOnly: false))
            database.Execute("PRAGMA user_version=99");

        await AssertRefusedAsync("newer version", "serve", "--data", folder.Data, "--urls", "http://127.0.0.1:0");
        await AssertRefusedAsync("newer version", "token", "reset", "--data", folder.Data);
    }

    [Fact]
    public async Task A_journal_that_is_no_database_is_left_alone()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(folder.Journal, string.Concat(Enumerable.Repeat("not a database ", 500)), TestContext.Current.CancellationToken);

        await AssertRefusedAsync("not a database", "serve", "--data", folder.Data, "--urls", "http://127.0.0.1:0");
    }

    [Fact]
    public async Task Verifying_what_does_not_exist_is_refused()
    {
        using var folder = new Folder();

        await AssertRefusedAsync("does not exist", "audit", "verify", "--data", folder.Data);
    }

    private static async Task AssertRefusedAsync(string names, params string[] arguments)
    {
        var run = await ServerBinary.RunAsync(arguments);

        Assert.NotEqual(0, run.Exit);
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(names, Assert.Single(lines));
        Assert.DoesNotContain("Exception", run.Errors + run.Output);
    }
}
