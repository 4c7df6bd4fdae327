using System.Net.Http.Headers;
using System.Net.Sockets;
using Incidents.Engine.Turns;
using Incidents.Heartbeats;
using Incidents.Journal.Sqlite;
using Incidents.Server.Configuration;
using Incidents.Server.Demonstration;
using Incidents.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Incidents.Fuzz.Http;

/// <summary>A server in this process with an integration of each format. When it has stopped, its journal must verify.</summary>
public sealed class FuzzServer : IAsyncLifetime
{
    public const string Operator = "operator-token-0123456789";

    // Far longer than anything takes: whoever waits for it has been forgotten.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-fuzz-");
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _errors = new();
    private Task<int> _run = Task.FromResult(0);

    /// <summary>The token of each integration by its name.</summary>
    internal static IReadOnlyDictionary<string, string> Tokens { get; } = Formats.ToDictionary(f => f.Name, f => f.Name == "pagerduty" ? "0123456789abcdef0123456789abcdef" : f.Name + "-token-0123456789");

    internal static (string Name, string Format)[] Formats =>
    [
        ("generic", "generic-json"), ("webhook", "alertmanager-webhook-v4"), ("old", "alertmanager-webhook-v3"), ("prometheus", "alertmanager-api-v2-alerts"), ("pagerduty", "pagerduty-events-v2"),
        ("events", "cloudevents-structured"), ("event-headers", "cloudevents-binary"), ("event-batch", "cloudevents-batch"), ("beats", HeartbeatRule.Format),
    ];

    internal OpenApiDocument Document { get; private set; } = null!;

    internal Runtime Runtime { get; private set; } = null!;

    internal HttpClient Client { get; } = new();

    internal string Log => _errors.ToString();

    private int Port => Client.BaseAddress!.Port;

    public async ValueTask InitializeAsync()
    {
        var integrations = string.Concat(Formats.Select(f => $"  {f.Name}: {{ format: {f.Format}, token: \"file:{Write(f.Name, Tokens[f.Name])}\", sponsor: olga, expires: 2099-01-01{(f.Format == HeartbeatRule.Format ? ", every: 1d" : "")} }}\n"));
        var catalogue = ConfigFile.Load(Write("incidents.yaml", $$"""
            identities:
              olga: { kind: human, token: "file:{{Write("operator", Operator)}}", expires: 2099-01-01 }
            responders:
              olga: { contacts: [{ channel: console }] }
            policies:
              calls: { steps: [{ targets: [olga], timeout: 1h }] }
            services:
              default: { policy: calls, page_from: critical }
            route: { receiver: default, group_by: [alertname] }
            integrations:

            """ + integrations), default, TextWriter.Null);
        var app = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        var play = new Play(catalogue, new EngineOptions(), (running, _) =>
        {
            app.SetResult(running);
            return Task.CompletedTask;
        });
        var options = ServerOptionsReader.Read(name => name == "urls" ? "http://127.0.0.1:0" : name == "data" ? Path.Combine(_folder.FullName, "data") : null, _ => null, _ => null).Options!;
        _run = ServeCommand.RunAsync(options, TextWriter.Null, TextWriter.Synchronized(_errors), play, stop: _stop.Token);
        if (await Task.WhenAny(app.Task, _run) == _run)
            throw new InvalidOperationException(Log);
        var server = await app.Task;
        Runtime = server.Services.GetRequiredService<Runtime>();
        Client.BaseAddress = new Uri(server.Urls.First());
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Operator);
        Document = OpenApiDocument.Parse(await Client.GetStringAsync("/openapi/v1.json"), "json").Document!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Assert.True(await _run == 0, Log);
        Assert.Empty(Verification.Run(Path.Combine(_folder.FullName, "data", "journal.db")).Faults);
        Client.Dispose();
        _stop.Dispose();
        await _errors.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Sends bytes as they are and reads until the server closes. A request that breaks off ends the sending side.</summary>
    internal async Task<byte[]> SendAsync(byte[] request, bool breaksOff)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", Port, limit.Token);
        await using var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, limit.Token);
            if (breaksOff)
                client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // The server need not read what it refuses, and a reset may come before its answer has been read.
        }

        return answer.ToArray();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
