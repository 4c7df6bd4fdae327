using Incidents.Cluster.Tests.Silos;
using Xunit.Runner.InProc.SystemConsole;

namespace Incidents.Cluster.Tests;

/// <summary>Runs the tests, or one silo for a test of another process.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) =>
        arguments is [SiloProcess.Verb, var connection, var name, var port] ? SiloProcess.RunAsync(connection, name, port) : ConsoleRunner.Run(arguments);
}
