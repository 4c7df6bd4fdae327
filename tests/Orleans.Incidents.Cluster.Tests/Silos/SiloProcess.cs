using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Incidents.Cluster.Tests.Silos;

/// <summary>A silo in a process of its own, which can be killed or made to stand still.</summary>
internal sealed class SiloProcess : IDisposable
{
    /// <summary>What the program is told to be a silo by.</summary>
    public const string Verb = "silo";

    private const string Up = "up";
    private const string Paged = "page ";
    private readonly Process _process;
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(string connection, string name, ConcurrentDictionary<string, int> pages)
    {
        Name = name;
        var program = Path.Combine(AppContext.BaseDirectory, typeof(SiloProcess).Assembly.GetName().Name + ".dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] arguments = ["exec", program, Verb, connection, name, Silo.FreePort().ToString(CultureInfo.InvariantCulture)];
        _process = new Process { StartInfo = new ProcessStartInfo(host, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == Up)
                _up.TrySetResult();
            else if (line.Data?.StartsWith(Paged, StringComparison.Ordinal) == true)
                pages.AddOrUpdate(line.Data[Paged.Length..], 1, (_, n) => n + 1);
        };
        _process.Start();
        _process.BeginOutputReadLine();

        // What it says when it finds itself declared dead is long.
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    public static async Task<SiloProcess> StartAsync(string connection, string name, ConcurrentDictionary<string, int> pages)
    {
        var started = new SiloProcess(connection, name, pages);
        await started._up.Task.WaitAsync(Testing.Eventually.Patience);
        return started;
    }

    /// <summary>What the process does: it serves until its input ends.</summary>
    public static async Task<int> RunAsync(string connection, string name, string port)
    {
        await using var silo = await Silo.StartAsync(connection, name, int.Parse(port, CultureInfo.InvariantCulture), new(StringComparer.Ordinal), page => Console.WriteLine(Paged + page));
        Console.WriteLine(Up);
        await Console.In.ReadLineAsync();
        return 0;
    }

    /// <summary>Ends it as a machine ends that loses its power.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends it in order.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    /// <summary>Lets it stand still, or go on.</summary>
    /// <param name="signal">STOP or CONT.</param>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
