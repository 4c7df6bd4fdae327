using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>
/// The files as they were at the moment of a yes, without the shared-memory index that a crash would lose, hold what was
/// answered.
/// </summary>
public class SnapshotTests
{
    private const int Snapshots = 3;

    [Fact]
    public async Task The_files_of_the_moment_of_an_answer_hold_what_was_answered()
    {
        using var folder = new Folder();
        folder.RequireFile();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url);
        var traffic = new Traffic(server.Url, "load", seed: 7);
        traffic.Start();
        await Eventually.TrueAsync("traffic", () => traffic.Answers >= 50);
        var taken = new List<(string Data, string Receipt, string Key)>();
        using var sender = server.As(TestConfig.Generic);
        for (var i = 0; i < Snapshots; i++)
        {
            var key = $"snapshot-{i}";
            var receipt = (await sender.AlertAsync($$"""{"dedup_key":"{{key}}","title":"Problem {{key}}","severity":"critical"}"""))[0];
            taken.Add((Copy(folder, key), receipt, key));
        }

        await traffic.StopAsync();
        foreach (var (data, receipt, key) in taken)
            await AssertHoldsAsync(folder, data, receipt, key);
    }

    private static async Task AssertHoldsAsync(Folder folder, string data, string receipt, string key)
    {
        Folder.AssertVerifies(Path.Combine(data, "journal.db"));

        // Nobody listens where this copy's pages go.
        await using var server = await ServerProcess.StartAsync(data, folder.Write($"{key}.yaml", TestConfig.Text("http://127.0.0.1:9/page")), TestConfig.Environment);
        var outcome = await server.Admin.OutcomeAsync(receipt);
        Assert.Equal("OpenedGroup", outcome.GetProperty("reason").GetString());
        var incident = await server.Admin.IncidentAsync(outcome.GetProperty("incident").GetString()!);
        Assert.Equal($"Problem {key}", incident.GetProperty("title").GetString());
    }

    // Two files cannot be copied at one moment: the copy counts when no checkpoint moved pages from one to the other meanwhile.
    private static string Copy(Folder folder, string name)
    {
        var data = Directory.CreateDirectory(folder.At(name)).FullName;
        while (true)
        {
            var before = Stamp(folder);
            File.Copy(folder.Journal, Path.Combine(data, "journal.db"), overwrite: true);
            File.Copy(folder.Journal + "-wal", Path.Combine(data, "journal.db-wal"), overwrite: true);
            if (Stamp(folder) == before)
                return data;
        }
    }

    private static (DateTime, long) Stamp(Folder folder)
    {
        var file = new FileInfo(folder.Journal);
        return (file.LastWriteTimeUtc, file.Length);
    }
}
