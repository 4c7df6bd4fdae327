using Incidents.Engine.Turns;
using Incidents.Server.Configuration;
using Incidents.Server.Demonstration;
using Incidents.Server.Hosting;
using Incidents.Server.Tests.Demonstration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Incidents.Server.Tests.Api;

/// <summary>A server in this process, what it says of its API, and its routes.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    public const string Operator = "operator-token-0123456789";
    public const string Generic = "generic-token-0123456789";
    public const string Prometheus = "prometheus-token-0123456789";
    public const string Job = "job-token-0123456789";
    public const string RoutingKey = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-");
    private readonly CancellationTokenSource _stop = new();
    private readonly Screen _errors = new();
    private Task<int> _run = Task.FromResult(0);

    internal OpenApiDocument Document { get; private set; } = null!;

    internal IReadOnlyList<RouteEndpoint> Routes { get; private set; } = [];

    internal HttpClient Client { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var catalogue = ConfigFile.Load(Write("incidents.yaml", $$"""
            identities:
              olga: { kind: human, token: "file:{{Write("operator", Operator)}}", expires: 2099-01-01 }
            responders:
              olga: { contacts: [{ channel: console }] }
            policies:
              calls: { steps: [{ targets: [olga], timeout: 1h }] }
            services:
              default: { policy: calls }
            integrations:
              generic: { format: generic-json, token: "file:{{Write("generic", Generic)}}", sponsor: olga, expires: 2099-01-01 }
              prometheus: { format: alertmanager-api-v2-alerts, token: "file:{{Write("prometheus", Prometheus)}}", sponsor: olga, expires: 2099-01-01 }
              job: { format: heartbeat, token: "file:{{Write("job", Job)}}", sponsor: olga, expires: 2099-01-01, every: 1d }
              pagerduty: { format: pagerduty-events-v2, token: "file:{{Write("pagerduty", RoutingKey)}}", sponsor: olga, expires: 2099-01-01 }
            route: { receiver: default, group_by: [alertname] }
            """), default, TextWriter.Null);
        var app = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        var play = new Play(catalogue, new EngineOptions(), (running, _) =>
        {
            app.SetResult(running);
            return Task.CompletedTask;
        });
        var options = DemoRun.Options with { DataDirectory = Path.Combine(_folder.FullName, "data") };
        _run = ServeCommand.RunAsync(options, TextWriter.Null, _errors.Writer, play, stop: _stop.Token);
        if (await Task.WhenAny(app.Task, _run) == _run)
            throw new InvalidOperationException(_errors.Text);
        var server = await app.Task;
        Client.BaseAddress = new Uri(server.Urls.First());
        Routes = [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
        var read = OpenApiDocument.Parse(await Client.GetStringAsync("/openapi/v1.json"), "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Document = read.Document!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Assert.True(await _run == 0, _errors.Text);
        Client.Dispose();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Sends a request under a credential; <see langword="null"/>: none.</summary>
    internal async Task<(int Status, string MediaType, string Text)> SendAsync(HttpMethod method, string path, string? token, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, null, "application/json");
        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
