using Incidents.Server.Hosting;

namespace Incidents.Server.Tests.Preview;

/// <summary>Runs a command of ours in this process, in a folder of its own.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-");

    /// <summary>Writes a file and answers with its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public static async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await CommandLine.RunAsync(arguments, output, errors);
        return (exit, output.ToString(), errors.ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
