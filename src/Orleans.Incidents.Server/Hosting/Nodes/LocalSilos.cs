using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Incidents.Server.Configuration;

namespace Incidents.Server.Hosting;

/// <summary>
/// Several silos on this machine, each a process of its own at ports and in a folder that follow the first one's. They end with this
/// process, however it ends: each stops when its input is closed.
/// </summary>
internal static class LocalSilos
{
    /// <summary>Set for a process that is to stop when its input ends.</summary>
    public const string StopsWithInput = "INCIDENTS_STOP_WITH_INPUT";

    private static readonly ServerOption[] Own = [ServerOption.Urls, ServerOption.Data, ServerOption.Silos, ServerOption.SiloPort, ServerOption.GatewayPort];

    /// <summary>Runs them until they have ended or this process is told to stop.</summary>
    /// <param name="given">An option's value as it was written on the command line; <see langword="null"/>: it was not.</param>
    /// <returns>0 when all ended in order, else 1.</returns>
    public static async Task<int> RunAsync(ServerOptions options, Func<ServerOption, string?> given, TextWriter output, TextWriter errors)
    {
        var gate = new Lock();
        var silos = Enumerable.Range(0, options.Silos).Select(i => Start(options, given, i)).ToList();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await Task.WhenAll(silos.SelectMany((silo, i) => (Task[])[CopyAsync(silo.StandardOutput, output, i), CopyAsync(silo.StandardError, errors, i)]));
        await Task.WhenAll(silos.Select(s => s.WaitForExitAsync()));
        return silos.All(s => s.ExitCode == 0) ? 0 : 1;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            silos.ForEach(s => s.StandardInput.Close());
        }

        async Task CopyAsync(StreamReader from, TextWriter to, int silo)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                lock (gate)
                {
                    to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[silo {silo + 1}] {line}"));
                    to.Flush();
                }
            }
        }
    }

    private static Process Start(ServerOptions options, Func<ServerOption, string?> given, int index)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(LocalSilos).Assembly.Location);
        start.ArgumentList.Add("serve");
        foreach (var option in ServerOption.All.Except(Own))
        {
            if (given(option) is { } value)
                Add(option, value);
        }

        Add(ServerOption.Urls, string.Join(';', options.Urls.Select(u => Next(u, index))));
        Add(ServerOption.Data, Path.Combine(options.DataDirectory, string.Create(CultureInfo.InvariantCulture, $"silo-{index + 1}")));
        Add(ServerOption.Silos, "1");
        Add(ServerOption.SiloPort, (options.SiloPort + index).ToString(CultureInfo.InvariantCulture));
        Add(ServerOption.GatewayPort, (options.GatewayPort == 0 ? 0 : options.GatewayPort + index).ToString(CultureInfo.InvariantCulture));
        start.Environment[StopsWithInput] = "true";
        return Process.Start(start)!;

        void Add(ServerOption option, string value)
        {
            start.ArgumentList.Add(option.CommandLine);
            start.ArgumentList.Add(value);
        }
    }

    // Port 0 is any, for each.
    private static string Next(string url, int index)
    {
        var address = BindingAddress.Parse(url);
        return string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{address.Host}:{(address.Port == 0 ? 0 : address.Port + index)}");
    }
}
