using System.Text.Json;
using Incidents.Testing;

namespace Incidents.Server.Tests.Preview;

public sealed class RoutesCommandTests : IDisposable
{
    private const string Alertmanagers = """
        global: {smtp_smarthost: 'localhost:25'}
        route:
          receiver: default
          group_by: [alertname]
          routes:
            - receiver: db
              matchers: ['service="db"']
              continue: true
              active_time_intervals: [office]
            - receiver: web
              match_re: {service: db|web}
              group_wait: 10s
            - receiver: never
              match: {service: db}
        receivers: [{name: default}, {name: db}, {name: web}, {name: never}]
        time_intervals: [{name: office}]
        inhibit_rules: [{whatever: 1}]
        """;

    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task It_reads_at_night()
    {
        var (exit, output, errors) = await TestAsync(Alertmanagers, "service=db", "alertname=Slow");
        Assert.Equal((0, ""), (exit, errors));
        Assert.Equal(
            """
            db,web

            An alert with alertname="Slow", service="db"
            goes to db
              path      root: takes every alert
                        {service="db"}
                          yes: service is "db"
              continue  yes: the routes behind it are tried as well
              group     {alertname="Slow"}, grouped by alertname (root)
              timings   group_wait 30s (default), group_interval 5m (default), repeat_interval 4h (default), active_time_intervals office (this route)
              now       muted for years to come by being outside of interval office
            goes to web
              path      root: takes every alert
                        {service=~"^(?:db|web)$"}
                          yes: service is "db", which matches ^(?:db|web)$
              group     {alertname="Slow"}, grouped by alertname (root)
              timings   group_wait 10s (this route), group_interval 5m (default), repeat_interval 4h (default)
            and nowhere else
              not       {service="db"} to never: a route before it took the alert

            """.ReplaceLineEndings("\n"),
            output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task What_no_route_takes_goes_to_the_root()
    {
        var (_, output, _) = await TestAsync(Alertmanagers, "service=cache");
        Assert.StartsWith("default\n", output, StringComparison.Ordinal);
        Assert.Contains("root: takes what no other route does", output, StringComparison.Ordinal);
        Assert.Contains("  not       {service=\"db\"} to db: service is \"cache\", not \"db\"\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_own_file_needs_no_secrets_and_shows_what_counts()
    {
        var (exit, output, errors) = await TestAsync(Bench.Yaml, "team=reopens");
        Assert.Equal((0, ""), (exit, errors));
        Assert.StartsWith("shop\n", output, StringComparison.Ordinal);
        Assert.Contains("timings   group_wait 0s (default), reopen_window 1h (this route)\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bare_route_and_a_file_without_receivers_are_taken_too()
    {
        Assert.StartsWith("x\n", (await TestAsync("receiver: a\nroutes: [{receiver: x, matchers: [b=1]}]", "b=1")).Output, StringComparison.Ordinal);
        Assert.StartsWith("x\n", (await TestAsync("route: {receiver: a, routes: [{receiver: x, matchers: [b=1]}]}", "b=1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_json_everything_is_there()
    {
        var (exit, output, _) = await TestAsync(Alertmanagers, "service=db", "--json");
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, exit);
        Assert.Equal(["db", "web"], json.GetProperty("receivers").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal(["taken", "taken", "notTried"], json.GetProperty("routes").EnumerateArray().Select(r => r.GetProperty("outcome").GetString()));
        Assert.Equal("service is \"db\"", json.GetProperty("routes")[0].GetProperty("path")[1].GetProperty("matchers")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("db,web", 0)]
    [InlineData("web,db", 1)]
    [InlineData("db", 1)]
    public async Task Verifying_fails_unless_the_receivers_are_those_in_that_order(string expected, int exit)
    {
        var run = await TestAsync(Alertmanagers, "service=db", $"--verify.receivers={expected}");
        Assert.Equal(exit, run.Exit);
        Assert.Equal(exit == 0 ? "" : $"expected receivers {expected}, found db,web\n", run.Errors);
    }

    [Theory]
    [InlineData("receiver: web\n", "receiver: wub\n", ":10:17: route.routes[1].receiver: undefined receiver \"wub\" used in route")]
    [InlineData("[office]", "[night]", ":9:31: route.routes[0].active_time_intervals[0]: undefined time interval \"night\" used in route")]
    [InlineData("{name: default}", "{name: default}, {name: default}", ":15:37: receivers[1].name: receiver name \"default\" is not unique")]
    [InlineData("{name: default}", "{nam: default}", ":15:13: receivers[0]: missing name in receiver")]
    [InlineData("  receiver: default\n", "", ":2:1: route.receiver: is required: the root takes what no other route does")]
    [InlineData("'service=\"db\"'", "'service!'", ":7:18: route.routes[0].matchers[0]: bad matcher format: service! (at character 1)")]
    public async Task A_mistake_is_told_with_its_place(string piece, string by, string expected)
    {
        Assert.Contains(piece, Alertmanagers, StringComparison.Ordinal);
        var (exit, output, errors) = await TestAsync(Alertmanagers.Replace(piece, by, StringComparison.Ordinal), "service=db");
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains(expected + "\n", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service", "'service' is not of the form label=value: bad matcher format: service")]
    [InlineData("service=~db", "'service=~db' is not of the form label=value: an alert's labels are given with =")]
    public async Task An_argument_that_is_no_label_is_one_line(string argument, string message) =>
        Assert.Equal((1, "", message + "\n"), await TestAsync(Alertmanagers, argument));

    [Theory]
    [InlineData("fallback", 0, "b\n", "routes.yml:2:35: route.routes[0].matchers[0]: only the classic grammar reads this")]
    [InlineData("classic", 0, "b\n", "")]
    [InlineData("utf8-strict", 1, "", "routes.yml:2:35: route.routes[0].matchers[0]: ")]
    public async Task Matchers_are_read_in_the_mode_that_is_asked_for(string mode, int exit, string receiver, string said)
    {
        var run = await TestAsync("receiver: a\nroutes: [{receiver: b, matchers: ['x=!y']}]", "x=\"!y\"", "--matchers", mode);
        Assert.Equal((exit, said.Length == 0 ? 0 : 1), (run.Exit, run.Errors.Count(c => c == '\n')));
        Assert.StartsWith(receiver, run.Output, StringComparison.Ordinal);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal(mode == "fallback", run.Errors.StartsWith("warning: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mode_that_there_is_not_is_one_line() =>
        Assert.Equal((1, "", "--matchers: expected fallback, classic or utf8-strict, found \"new\"\n"), await TestAsync(Alertmanagers, "a=b", "--matchers", "new"));

    [Fact]
    public async Task Show_lists_every_route_in_order()
    {
        var (exit, output, _) = await CommandRun.RunAsync("routes", "show", "--config", _run.Write("c.yml", Alertmanagers));
        Assert.Equal(0, exit);
        Assert.Equal(
            """
            root  →  default  (grouped by alertname)
              {service="db"}  →  db  (grouped by alertname; continues)
              {service=~"^(?:db|web)$"}  →  web  (grouped by alertname)
              {service="db"}  →  never  (grouped by alertname)

            """.ReplaceLineEndings("\n"),
            output.ReplaceLineEndings("\n"));
    }

    /// <summary>The peers' cases, through the command.</summary>
    [Fact]
    public async Task Every_shared_routing_case_has_its_receivers()
    {
        var cases = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Path("cases", "routing.json"))).RootElement.GetProperty("cases");
        foreach (var one in cases.EnumerateArray().Where(c => c.GetProperty("kind").GetString() == "receivers"))
        {
            string[] labels = [.. one.GetProperty("labels").EnumerateObject().Select(l => $"{l.Name}={Quoted(l.Value.GetString()!)}")];
            var (exit, output, errors) = await TestAsync(one.GetProperty("configYaml").GetString()!, labels);
            var expected = string.Join(',', one.GetProperty("expect").GetProperty("receivers").EnumerateArray().Select(r => r.GetString()));
            Assert.True(exit == 0 && output.Split('\n')[0] == expected, $"{one.GetProperty("id")}: {errors}{output}");
        }
    }

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private Task<(int Exit, string Output, string Errors)> TestAsync(string yaml, params string[] arguments) =>
        CommandRun.RunAsync(["routes", "test", "--config", _run.Write("routes.yml", yaml), .. arguments]);
}
