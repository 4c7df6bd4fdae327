using System.Runtime.InteropServices;
using Incidents.Load;
using Incidents.Load.Peers;
using Incidents.Load.Scenarios;
using Incidents.Load.Traffic;
using Npgsql;

if (!OptionParser.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine($"load: {error}");
    return ExitCodes.Usage;
}

if (options.Scenario == Scenario.Help)
{
    Console.WriteLine(OptionParser.Usage);
    return ExitCodes.Good;
}

if (options.Scenario == Scenario.Bare)
    return await BareServer.RunAsync(options.Urls!);

// Must precede the first socket of the process.
ClientSockets.RunOnOneThread();

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await ScenarioRunner.RunAsync(options, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("load: interrupted; the servers it started have been stopped");
    return ExitCodes.Interrupted;
}
catch (Exception failure) when (failure is LoadException or NpgsqlException)
{
    Console.Error.WriteLine($"load: FAILED: {failure.Message}");
    return ExitCodes.Failed;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
