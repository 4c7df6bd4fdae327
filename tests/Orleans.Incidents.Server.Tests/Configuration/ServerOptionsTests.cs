using Incidents.Routing.Matchers;
using Incidents.Server.Configuration;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Incidents.Server.Tests.Configuration;

public sealed class ServerOptionsTests
{
    [Fact]
    public void Defaults_hold_where_nothing_is_said()
    {
        var options = Read().Options!;
        Assert.Equal(["http://127.0.0.1:5080"], options.Urls);
        Assert.Equal(("incidents-data", null, false, false), (options.DataDirectory, options.ConfigFile, options.Demo, options.BehindProxy));
        Assert.Equal((null, MatcherMode.Fallback), (options.Postgres, options.Matchers));
        Assert.Equal((MetricsAccess.Open, 4 * 1024 * 1024, Duration.FromSeconds(10)), (options.Metrics, options.MaxBodyBytes, options.ShutdownTimeout));
        Assert.Equal((LogFormat.Text, LogLevel.Information, null, 1.0), (options.LogFormat, options.LogLevel, options.OtlpEndpoint, options.TraceRatio));
    }

    [Fact]
    public void Each_option_can_be_given_in_each_of_three_ways()
    {
        string[] values = ["http://localhost:1", "d", "env:DB", "false", "1", "12", "0", "10.0.0.1", "c.pfx", "c.yaml", "classic", "true", "1", "token", "2048", "5s", "json", "debug", "http://localhost:4318", "0.25"];
        (string, string)[] Named(Func<ServerOption, string> name) => [.. ServerOption.All.Zip(values, (o, v) => (name(o), v))];
        foreach (var result in new[] { Read(command: Named(o => o.Name)), Read(environment: Named(o => o.Environment)), Read(configuration: Named(o => o.Key)) })
        {
            var options = result.Options!;
            Assert.Equal(("http://localhost:1", "d", "c.yaml", true, true), (options.Urls.Single(), options.DataDirectory, options.ConfigFile, options.Demo, options.BehindProxy));
            Assert.Equal(("env:DB", MatcherMode.Classic), (options.Postgres, options.Matchers));
            Assert.Equal((false, 1, 12, 0, "10.0.0.1", "c.pfx"), (options.Cluster, options.Silos, options.SiloPort, options.GatewayPort, options.Advertise.ToString(), options.ClusterCertificate));
            Assert.Equal((MetricsAccess.Token, 2048, Duration.FromSeconds(5)), (options.Metrics, options.MaxBodyBytes, options.ShutdownTimeout));
            Assert.Equal((LogFormat.Json, LogLevel.Debug), (options.LogFormat, options.LogLevel));
            Assert.Equal((new Uri("http://localhost:4318"), 0.25), (options.OtlpEndpoint, options.TraceRatio));
        }
    }

    [Fact]
    public void A_cluster_needs_a_database_and_several_silos_a_cluster()
    {
        Assert.Equal(["--cluster: a cluster shares a PostgreSQL database; name it with --postgres"], Read([("cluster", "true")]).Errors);
        Assert.Equal(["--silos: means something with --cluster only"], Read([("silos", "3")]).Errors);
        Assert.Equal(["--demo: the demonstration has throw-away data of its own and no cluster"], Read([("cluster", "true"), ("postgres", "Host=a"), ("demo", "true")]).Errors);
        Assert.Equal((true, 3), (Read([("cluster", "true"), ("postgres", "Host=a"), ("silos", "3")]).Options!.Cluster, Read([("cluster", "true"), ("postgres", "Host=a"), ("silos", "3")]).Options!.Silos));
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_configuration()
    {
        Assert.Equal("a", Read([("data", "a")], [("INCIDENTS_DATA", "b")], [("Incidents:Data", "c")]).Options!.DataDirectory);
        Assert.Equal("b", Read([], [("INCIDENTS_DATA", "b")], [("Incidents:Data", "c")]).Options!.DataDirectory);
        Assert.Equal("c", Read([], [("INCIDENTS_DATA", "")], [("Incidents:Data", "c")]).Options!.DataDirectory);
    }

    [Fact]
    public void An_option_has_three_names() => Assert.Equal(
        ("--max-body-bytes", "INCIDENTS_MAX_BODY_BYTES", "Incidents:MaxBodyBytes"),
        (ServerOption.MaxBodyBytes.CommandLine, ServerOption.MaxBodyBytes.Environment, ServerOption.MaxBodyBytes.Key));

    [Theory]
    [InlineData("data", " ", "--data: expected a folder, found \" \"")]
    [InlineData("demo", "maybe", "--demo: expected true or false, found \"maybe\"")]
    [InlineData("metrics", "public", "--metrics: expected open, token or off, found \"public\"")]
    [InlineData("matchers", "both", "--matchers: expected fallback, classic or utf8-strict, found \"both\"")]
    [InlineData("max-body-bytes", "1023", "--max-body-bytes: expected a whole number from 1024 to 67108864, found \"1023\"")]
    [InlineData("max-body-bytes", "67108865", "--max-body-bytes: expected a whole number from 1024 to 67108864, found \"67108865\"")]
    [InlineData("max-body-bytes", "4M", "--max-body-bytes: expected a whole number from 1024 to 67108864, found \"4M\"")]
    [InlineData("shutdown-timeout", "0s", "--shutdown-timeout: expected a duration such as 30s, longer than zero, found \"0s\"")]
    [InlineData("log-format", "xml", "--log-format: expected text or json, found \"xml\"")]
    [InlineData("log-level", "7", "--log-level: expected trace, debug, information, warning, error, critical or none, found \"7\"")]
    [InlineData("otlp-endpoint", "localhost:4317", "--otlp-endpoint: expected an http or https address, found \"localhost:4317\"")]
    [InlineData("silos", "17", "--silos: expected a whole number from 1 to 16, found \"17\"")]
    [InlineData("silo-port", "0", "--silo-port: expected a port from 1 to 65535, found \"0\"")]
    [InlineData("gateway-port", "65536", "--gateway-port: expected a port from 0 to 65535, found \"65536\"")]
    [InlineData("advertise", "here", "--advertise: expected an IP address, found \"here\"")]
    [InlineData("trace-ratio", "1.1", "--trace-ratio: expected a number from 0 to 1, found \"1.1\"")]
    [InlineData("trace-ratio", "NaN", "--trace-ratio: expected a number from 0 to 1, found \"NaN\"")]
    [InlineData("urls", ";", "--urls: names no address to listen on")]
    [InlineData("urls", "ftp://localhost:1", "--urls: \"ftp://localhost:1\" does not begin with http:// or https://")]
    [InlineData("urls", "localhost:5080", "--urls: \"localhost:5080\" does not begin with http:// or https://")]
    [InlineData("urls", "http://", "--urls: \"http://\" is not of the form http://host:port")]
    [InlineData("urls", "http://localhost:5080/base", "--urls: \"http://localhost:5080/base\" needs a port from 0 to 65535")]
    [InlineData("urls", "http://local host:5080", "--urls: \"http://local host:5080\" is not of the form http://host:port")]
    [InlineData("urls", "http://::1:5080", "--urls: \"http://::1:5080\" is not of the form http://host:port")]
    [InlineData("urls", "http://localhost", "--urls: \"http://localhost\" needs a port from 0 to 65535")]
    [InlineData("urls", "http://[::1]", "--urls: \"http://[::1]\" needs a port from 0 to 65535")]
    [InlineData("urls", "http://localhost:65536", "--urls: \"http://localhost:65536\" needs a port from 0 to 65535")]
    [InlineData("urls", "http://localhost:-1", "--urls: \"http://localhost:-1\" needs a port from 0 to 65535")]
    [InlineData("urls", "http://localhost:1;HTTP://localhost:1", "--urls: \"http://localhost:1\" is there twice")]
    public void A_bad_value_is_one_line_that_names_the_option(string option, string value, string expected) =>
        Assert.Equal([expected], Read(command: [(option, value)]).Errors);

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://10.0.0.1:5080")]
    [InlineData("http://incidents.example.com:5080")]
    public void Listening_beyond_this_machine_needs_tls_or_a_proxy(string url)
    {
        Assert.Equal(
            [$"INCIDENTS_URLS: \"{url}\" would listen beyond this machine without TLS; use https, or --behind-proxy where a proxy in front provides TLS"],
            Read(environment: [("INCIDENTS_URLS", url)]).Errors);
        Assert.Empty(Read(command: [("urls", url), ("behind-proxy", "true")]).Errors);
        Assert.Empty(Read(command: [("urls", url.Replace("http", "https", StringComparison.Ordinal))]).Errors);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.1.2.3:5080")]
    [InlineData("http://[::1]:5080")]
    [InlineData("HTTP://LOCALHOST:65535/")]
    [InlineData("http://localhost:1; http://127.0.0.1:1")]
    public void This_machine_needs_neither(string urls) => Assert.Empty(Read(command: [("urls", urls)]).Errors);

    [Theory]
    [InlineData("utf8-strict", MatcherMode.Utf8Strict)]
    [InlineData("utf8-strict-mode", MatcherMode.Utf8Strict)]
    [InlineData("classic-mode", MatcherMode.Classic)]
    public void A_matcher_mode_may_have_alertmanagers_own_name(string name, MatcherMode mode) =>
        Assert.Equal(mode, Read(command: [("matchers", name)]).Options!.Matchers);

    [Fact]
    public void All_errors_are_reported() => Assert.Equal(
        ["--demo: expected true or false, found \"x\"", "INCIDENTS_METRICS: expected open, token or off, found \"y\"", "Incidents:MaxBodyBytes: expected a whole number from 1024 to 67108864, found \"z\""],
        Read([("demo", "x")], [("INCIDENTS_METRICS", "y")], [("Incidents:MaxBodyBytes", "z")]).Errors);

    private static ServerOptionsResult Read(
        (string, string)[]? command = null, (string, string)[]? environment = null, (string, string)[]? configuration = null)
    {
        var result = ServerOptionsReader.Read(Lookup(command), Lookup(environment), Lookup(configuration));
        Assert.True(result.Errors.IsEmpty == (result.Options is not null), "a result is either options or errors");
        return result;
    }

    private static Func<string, string?> Lookup((string Name, string Value)[]? pairs) =>
        name => pairs?.FirstOrDefault(p => p.Name == name).Value;
}
