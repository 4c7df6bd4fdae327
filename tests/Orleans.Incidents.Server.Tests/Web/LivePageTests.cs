using System.Net;
using System.Text.RegularExpressions;
using Incidents.Server.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Incidents.Server.Tests.Web;

/// <summary>The page shows what strangers write: nothing in it may run but its own scripts, and nothing may leave the server.</summary>
public sealed partial class LivePageTests : IAsyncLifetime
{
    private static readonly string[] Paths = ["/", "/app.js", "/timeline.js", "/app.css", "/icon.svg"];

    private readonly WebApplication _app = Build();
    private readonly HttpClient _client = new();

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Every_file_forbids_what_is_not_this_servers() => Assert.All(await GetAllAsync(), file =>
    {
        Assert.Equal(HttpStatusCode.OK, file.Answer.StatusCode);
        var policy = Assert.Single(file.Answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(file.Answer.Headers.GetValues("X-Content-Type-Options")));
    });

    [Fact]
    public async Task No_file_refers_to_another_host() => Assert.All(await GetAllAsync(), file =>
        Assert.DoesNotMatch(External(), file.Text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)));

    [Fact]
    public async Task The_page_has_neither_inline_script_nor_inline_style()
    {
        var html = await _client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        var script = Assert.Single(Script().Matches(html));
        Assert.Equal("", script.Groups["body"].Value);
        Assert.Contains("src=\"/app.js\"", script.Groups["attributes"].Value, StringComparison.Ordinal);
        Assert.DoesNotMatch(Inline(), html);
    }

    [Fact]
    public async Task All_files_that_the_page_names_are_served()
    {
        var named = (await GetAllAsync()).SelectMany(f => Named().Matches(f.Text)).Select(m => m.Groups["path"].Value).Distinct().ToList();
        Assert.Contains("/timeline.js", named);
        Assert.All(named, path => Assert.Contains(path, Paths));
    }

    [Fact]
    public async Task Texts_never_become_markup() => Assert.All(
        (await GetAllAsync()).Where(f => f.Path.EndsWith(".js", StringComparison.Ordinal)), file => Assert.DoesNotMatch(Markup(), file.Text));

    [Fact]
    public async Task The_scripts_stay_small_until_a_console_replaces_them() =>
        Assert.True((await GetAllAsync()).Where(f => f.Path.EndsWith(".js", StringComparison.Ordinal)).Sum(f => f.Text.Count(c => c == '\n')) < 425);

    private async Task<List<(string Path, HttpResponseMessage Answer, string Text)>> GetAllAsync()
    {
        var files = new List<(string, HttpResponseMessage, string)>();
        foreach (var path in Paths)
        {
            var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            files.Add((path, answer, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }

        return files;
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new Server.Edge.Sessions(new byte[32], TimeProvider.System));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        WebPages.Map(app);
        return app;
    }

    [GeneratedRegex("""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex External();

    [GeneratedRegex("<script(?<attributes>[^>]*)>(?<body>.*?)</script>", RegexOptions.Singleline, 1000)]
    private static partial Regex Script();

    [GeneratedRegex("""<style|\sstyle=|\son[a-z]+=|javascript:""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Inline();

    [GeneratedRegex("""(?:href="|src="|from ')(?<path>/[^"']*)""", RegexOptions.None, 1000)]
    private static partial Regex Named();

    [GeneratedRegex("""innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|\beval\b|new Function""", RegexOptions.None, 1000)]
    private static partial Regex Markup();
}
