using Incidents.Server.Logging;

namespace Incidents.Server.Hosting;

/// <summary>
/// Waits for the journal on PostgreSQL. Where another process owns it this one already listens, so that probes see it alive and nothing
/// but the journal has to come up when that one ends.
/// </summary>
internal static class Standby
{
    /// <summary>Takes the journal, once no other process owns it.</summary>
    /// <returns>The journal; <see langword="null"/>: told to stop while standing by.</returns>
    public static async Task<Storage?> TakeAsync(string connection, DataFolder data, WebApplication app, TextWriter output, ILogger log, CancellationToken stop)
    {
        using var told = CancellationTokenSource.CreateLinkedTokenSource(stop, app.Lifetime.ApplicationStopping);
        var stoodBy = false;
        try
        {
            var storage = await Storage.OfPostgresAsync(connection, data, WaitAsync, told.Token);
            if (stoodBy)
                Log.TookOver(log, storage.Place);
            return storage;
        }
        catch (OperationCanceledException) when (told.IsCancellationRequested)
        {
            await app.StopAsync(CancellationToken.None);
            Log.Stopped(log);
            return null;
        }

        async Task WaitAsync()
        {
            stoodBy = true;
            await app.StartAsync(CancellationToken.None);
            Log.StandingBy(log, Storage.Address(connection).ToString(), string.Join(", ", app.Urls));
            Banner.WriteStandby(output, app);
        }
    }
}
