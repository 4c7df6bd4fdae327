using Incidents.Server.Hosting;

namespace Incidents.Server;

/// <summary>The command line.</summary>
public static class Program
{
    /// <summary>This program's version.</summary>
    public static string Version { get; } = typeof(Program).Assembly.GetName().Version!.ToString(3);

    public static async Task<int> Main(string[] arguments) => await CommandLine.RunAsync(arguments, Console.Out, Console.Error);
}
