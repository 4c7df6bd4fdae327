using System.Diagnostics;

namespace Incidents.Acceptance.Processes;

/// <summary>The built server, found beside the tests by their own configuration, and how it is run to its end.</summary>
internal static class ServerBinary
{
    /// <summary>The dll that <c>dotnet</c> runs.</summary>
    public static string Path { get; } = Locate();

    /// <summary>A process that is not started yet, with both streams redirected.</summary>
    /// <param name="program">The dll of another version; absent: of this one.</param>
    public static Process Prepare(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [program ?? Path, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = System.IO.Path.GetTempPath() },
        };
        foreach (var name in process.StartInfo.Environment.Keys.Where(k => k.StartsWith("INCIDENTS_", StringComparison.Ordinal)).ToList())
            process.StartInfo.Environment.Remove(name);

        // A runtime that is killed leaves the pipes and the socket by which it would be looked into.
        process.StartInfo.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            process.StartInfo.Environment[name] = value;
        return process;
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<ToolRun> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <summary>Runs a command to its end, with further environment variables.</summary>
    public static Task<ToolRun> RunAsync(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => RunToEndAsync(Prepare(arguments, environment));

    /// <summary>Runs a command of another version to its end.</summary>
    public static Task<ToolRun> RunOtherAsync(string program, params string[] arguments) => RunToEndAsync(Prepare(arguments, program: program));

    private static async Task<ToolRun> RunToEndAsync(Process prepared)
    {
        using var process = prepared;
        process.Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return new ToolRun(process.ExitCode, await output, await errors);
    }

    // …/tests/<project>/bin/<configuration>/<framework>/ beside …/src/<server>/bin/<configuration>/<framework>/.
    private static string Locate()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (here.Name, here.Parent!.Name);
        var root = here.Parent.Parent!.Parent!.Parent!.Parent!.FullName;
        return System.IO.Path.Combine(root, "src", "Orleans.Incidents.Server", "bin", configuration, framework, "Orleans.Incidents.Server.dll");
    }
}
