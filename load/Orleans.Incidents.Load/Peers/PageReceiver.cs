using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Incidents.Load.Peers;

/// <summary>Takes our server's pages on loopback and notes when each problem's first one came.</summary>
internal sealed class PageReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _prefix;
    private readonly ConcurrentDictionary<long, long> _came = [];

    private PageReceiver(WebApplication app, string prefix)
    {
        (_app, _prefix) = (app, prefix);
        _app.Run(TakeAsync);
    }

    /// <summary>Where pages are to be sent.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>When each problem's first page came, by its number.</summary>
    public IReadOnlyDictionary<long, long> Came => _came;

    /// <summary>Listens on a free port. The problems' titles hold the prefix and six digits.</summary>
    public static async Task<PageReceiver> StartAsync(string prefix)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new PageReceiver(builder.Build(), prefix);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>A copy of our server's configuration that pages here instead of on the console.</summary>
    public async Task<string> ConfigureAsync(string config, string folder)
    {
        var text = await File.ReadAllTextAsync(config);
        const string Console = "- channel: console";
        if (!text.Contains(Console, StringComparison.Ordinal))
            throw new LoadException($"{config} has no \"{Console}\" to be replaced by a webhook");
        var copy = Path.Combine(folder, "incidents.webhook.yaml");
        await File.WriteAllTextAsync(copy, text.Replace(Console, $"- {{channel: webhook, url: \"{Url}\"}}", StringComparison.Ordinal));
        return copy;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var page = await reader.ReadToEndAsync();
        var at = Stopwatch.GetTimestamp();
        var place = page.IndexOf(_prefix, StringComparison.Ordinal);
        if (place >= 0)
            _came.TryAdd(long.Parse(page.AsSpan(place + _prefix.Length, 6), CultureInfo.InvariantCulture), at);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
