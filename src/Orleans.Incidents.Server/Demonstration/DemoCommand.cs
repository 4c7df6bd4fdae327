using System.Globalization;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Server.Configuration;
using Incidents.Server.Hosting;
using NodaTime;

namespace Incidents.Server.Demonstration;

/// <summary>
/// <c>serve --demo</c>: a server with a catalogue of its own in a folder that is deleted at the end, and three minutes of a
/// day replayed against its real addresses. It serves until it is told to stop.
/// </summary>
internal static class DemoCommand
{
    /// <summary>How many times faster than life it plays; a number above zero, 1 when absent.</summary>
    public const string SpeedVariable = "INCIDENTS_DEMO_SPEED";

    /// <summary>Plays at the speed that the environment says.</summary>
    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, TextWriter errors)
    {
        var text = Environment.GetEnvironmentVariable(SpeedVariable);
        if (Speed(text) is { } speed)
            return await RunAsync(options, speed, output, errors, CancellationToken.None);
        await errors.WriteLineAsync($"{SpeedVariable}: expected a number above zero, found '{text}'");
        return 1;
    }

    /// <summary>Plays at a speed, until told to stop.</summary>
    public static async Task<int> RunAsync(ServerOptions options, double speed, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        if (options.ConfigFile is not null)
        {
            await errors.WriteLineAsync("--demo brings a catalogue of its own: leave --config away");
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("incidents-demo-");
        try
        {
            var (catalogue, tokens) = DemoCatalogue.Make(Time.Now(TimeProvider.System));

            // Lists count repeats that are events. Here somebody watches, so repeats become events soon.
            var engine = new EngineOptions { SaveAfter = Duration.FromSeconds(1), CoverShare = int.MaxValue };
            var play = new Play(catalogue, engine, (app, stopping) => DemoScript.PlayAsync(app, tokens, new Narrator(output, TimeProvider.System, speed, stopping)));
            return await ServeCommand.RunAsync(options with { DataDirectory = folder.FullName, LogLevel = LogLevel.Critical }, output, errors, play, stop: stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double? Speed(string? text) => string.IsNullOrEmpty(text) ? 1
        : double.TryParse(text, CultureInfo.InvariantCulture, out var speed) && speed > 0 && double.IsFinite(speed) ? speed
        : null;
}
