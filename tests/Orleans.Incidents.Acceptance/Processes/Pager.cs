using System.Collections.Concurrent;
using System.Text.Json;
using Incidents.Integrations.Delivery.Webhook;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;

namespace Incidents.Acceptance.Processes;

/// <summary>A page as it arrived, and how long after it was made.</summary>
internal sealed record ArrivedPage(string Id, string Incident, int Step, string Title, string Severity, WebhookVerification Signature, string? TraceParent, Duration Age);

/// <summary>The gateway that pages are posted to: a web server on a loopback port that checks every signature and says yes.</summary>
internal sealed class Pager : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ArrivedPage> _pages = [];
    private readonly WebhookSecret _secret;

    private Pager()
    {
        Assert.True(WebhookSecret.TryParse(Secret, out var secret, out var problem), problem);
        _secret = secret;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/page", TakeAsync);
        _app.MapPost("/busy", http => Busy(http.Response));
        _app.MapPost("/hang", http => HangAsync(http.RequestAborted));
    }

    /// <summary>Whether it answers 500 and takes nothing.</summary>
    public bool IsDown { get; set; }

    public string Url => $"{_app.Urls.First()}/page";

    /// <summary>An address of the same receiver that always answers 429 and asks to wait.</summary>
    public string BusyUrl => $"{_app.Urls.First()}/busy";

    /// <summary>An address of the same receiver that never answers.</summary>
    public string HangingUrl => $"{_app.Urls.First()}/hang";

    /// <summary>Everything that arrived, repeats of an attempt included.</summary>
    public IReadOnlyCollection<ArrivedPage> Pages => _pages;

    public static async Task<Pager> StartAsync()
    {
        var pager = new Pager();
        await pager._app.StartAsync(TestContext.Current.CancellationToken);
        return pager;
    }

    /// <summary>Waits for a page of an incident.</summary>
    public Task<ArrivedPage> PageOfAsync(string incident) =>
        Eventually.GetAsync($"a page of {incident}", () => Task.FromResult(_pages.FirstOrDefault(p => p.Incident == incident)), TimeSpan.FromSeconds(60));

    /// <summary>The distinct pages of an incident.</summary>
    public int Distinct(string incident) => _pages.Where(p => p.Incident == incident).Select(p => p.Id).Distinct().Count();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        if (IsDown)
        {
            http.Response.StatusCode = 500;
            return;
        }

        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        var headers = http.Request.Headers;
        var id = headers[StandardWebhooks.IdHeader].ToString();
        var signature = StandardWebhooks.Verify(
            [_secret], id, headers[StandardWebhooks.TimestampHeader], headers[StandardWebhooks.SignatureHeader], bytes.ToArray(), SystemClock.Instance.GetCurrentInstant());
        using var json = JsonDocument.Parse(bytes.ToArray());
        var data = json.RootElement.GetProperty("data");
        _pages.Enqueue(new ArrivedPage(
            id, data.GetProperty("incident").GetString()!, data.GetProperty("step").GetInt32(), data.GetProperty("title").GetString()!, data.GetProperty("severity").GetString()!, signature,
            headers.TryGetValue("traceparent", out var parent) ? parent.ToString() : null,
            SystemClock.Instance.GetCurrentInstant() - InstantPattern.ExtendedIso.Parse(json.RootElement.GetProperty("timestamp").GetString()!).Value));
    }

    private static Task Busy(HttpResponse response)
    {
        response.StatusCode = 429;
        response.Headers.RetryAfter = "600";
        return Task.CompletedTask;
    }

    private static Task HangAsync(CancellationToken gone) => new TaskCompletionSource().Task.WaitAsync(gone);
}
