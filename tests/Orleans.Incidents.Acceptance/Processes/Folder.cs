using Incidents.Journal.Sqlite;

namespace Incidents.Acceptance.Processes;

/// <summary>A folder of a test's own, gone afterwards.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-");

    /// <summary>Where a server keeps its data.</summary>
    public string Data => At("data");

    public string Journal => Path.Combine(Data, "journal.db");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>The whole journal verifies.</summary>
    public void AssertVerifies() => AssertVerifies(Journal);

    public static void AssertVerifies(string journal)
    {
        var report = Verification.Run(journal);
        Assert.True(report.Faults.Count == 0, string.Join('\n', report.Faults));
        Assert.True(report.Events > 0);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
