using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Incidents.Server.Configuration;
using Incidents.Server.Demonstration;
using Incidents.Testing;

namespace Incidents.Server.Tests.Demonstration;

/// <summary>A demonstration in this process, and what it prints.</summary>
internal sealed partial class DemoRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client = new();
    private readonly Screen _output = new();
    private readonly Screen _errors = new();
    private Task<int> _run = Task.FromResult(0);

    public static ServerOptions Options { get; } = ServerOptionsReader.Read(
        name => name == "urls" ? "http://127.0.0.1:0" : null, _ => null, _ => null).Options!;

    public string Output => _output.Text;

    public string Errors => _errors.Text;

    public string Folder => Data().Match(Output).Groups["path"].Value;

    public static DemoRun Start(double speed = 10_000)
    {
        var demo = new DemoRun();
        demo._run = DemoCommand.RunAsync(Options, speed, demo._output.Writer, demo._errors.Writer, demo._stop.Token);
        return demo;
    }

    public Task OverAsync() => Eventually.TrueAsync("the demonstration's end", () =>
    {
        Assert.Equal("", Errors);
        return Output.Contains("Stop with Ctrl+C; everything is deleted then.", StringComparison.Ordinal);
    }, TimeSpan.FromSeconds(90));

    public Task<List<DemoRow>> RowsAsync() => ItemsAsync<DemoRow>("/api/v1/incidents?limit=500");

    public Task<List<DemoRefused>> RefusedAsync() => ItemsAsync<DemoRefused>("/api/v1/refused?limit=500");

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task<List<T>> ItemsAsync<T>(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url().Match(Output).Groups["url"].Value + path);
        request.Headers.Authorization = new("Bearer", Admin().Match(Output).Groups["token"].Value);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return body.RootElement.GetProperty("items").Deserialize<List<T>>(JsonSerializerOptions.Web)!;
    }

    [GeneratedRegex("data +(?<path>\\S+) ", RegexOptions.None, 1000)]
    private static partial Regex Data();

    [GeneratedRegex("Serving on (?<url>http://[0-9.]+:[0-9]+)", RegexOptions.None, 1000)]
    private static partial Regex Url();

    [GeneratedRegex("admin +(?<token>[0-9a-f]{32})", RegexOptions.None, 1000)]
    private static partial Regex Admin();
}

/// <summary>What was printed, while it is being printed.</summary>
internal sealed class Screen
{
    private readonly StringBuilder _text = new();

    public Screen() => Writer = TextWriter.Synchronized(new StringWriter(_text));

    public TextWriter Writer { get; }

    public string Text
    {
        get
        {
            // The synchronized writer takes its own monitor for every write.
            lock (Writer)
                return _text.ToString();
        }
    }
}
