using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Incidents.Acceptance.Processes;

/// <summary>Where an outward heartbeat arrives: a web server on a loopback port that counts.</summary>
internal sealed class DeadMansSwitch : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private DeadMansSwitch()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/ping/0123-secret", () => Interlocked.Increment(ref _calls));
    }

    public string Url => $"{_app.Urls.First()}/ping/0123-secret";

    public int Calls => Volatile.Read(ref _calls);

    public static async Task<DeadMansSwitch> StartAsync()
    {
        var one = new DeadMansSwitch();
        await one._app.StartAsync(TestContext.Current.CancellationToken);
        return one;
    }

    /// <summary>Waits for so many further calls.</summary>
    public Task FurtherAsync(int calls)
    {
        var goal = Calls + calls;
        return Eventually.TrueAsync($"{calls} further heartbeats", () => Calls >= goal, TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
