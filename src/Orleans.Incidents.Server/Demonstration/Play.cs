using Incidents.Engine.Turns;
using Incidents.Services;

namespace Incidents.Server.Demonstration;

/// <summary>Something that is played against a server while it serves.</summary>
/// <param name="Catalogue">The catalogue that the server gets; a configuration file is not read.</param>
/// <param name="Engine">The engine's options.</param>
/// <param name="Script">What is played. It ends early when the token, which is cancelled as the server stops, says so.</param>
internal sealed record Play(Catalogue Catalogue, EngineOptions Engine, Func<WebApplication, CancellationToken, Task> Script)
{
    /// <summary>Plays it. What goes wrong is one line on the error stream; the server goes on.</summary>
    public async Task RunAsync(WebApplication app, TextWriter errors)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await Script(app, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await errors.WriteLineAsync("the demonstration was cut short by the stop");
        }
        catch (Exception broken)
        {
            await errors.WriteLineAsync($"the demonstration broke off: {broken.Message}");
        }
    }
}
