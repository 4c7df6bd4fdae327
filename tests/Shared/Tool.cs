using System.Diagnostics;

namespace Incidents.Testing;

/// <summary>Programs of others that some tests talk to. Where one is absent the test counts as skipped and names it.</summary>
internal static class Tool
{
    /// <summary>Where the program is; skips the running test where it is absent.</summary>
    public static string Find(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
        if (found is null)
            Assert.Skip($"absent: {name}");
        return found;
    }

    /// <summary>Skips the running test because something other than a program is absent.</summary>
    public static void Absent(string what) => Assert.Skip($"absent: {what}");

    /// <summary>Runs the program to its end.</summary>
    public static async Task<ToolRun> RunAsync(string name, params string[] arguments)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(Find(name), arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        process.Start();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ToolRun(process.ExitCode, await output, await errors);
    }
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record ToolRun(int Exit, string Output, string Errors);
