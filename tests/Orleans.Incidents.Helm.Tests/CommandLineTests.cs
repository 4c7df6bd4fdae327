using System.Text.Json.Nodes;
using Incidents.Helm.Tests.Rendering;
using Incidents.Server;
using Incidents.Server.Configuration;

namespace Incidents.Helm.Tests;

/// <summary>What the pods are told is what the server understands.</summary>
public class CommandLineTests
{
    public static TheoryData<string> Names => Cases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_server_takes_every_option_and_reads_it_without_an_error(string name)
    {
        var (known, others) = Split((await Rendered.OfAsync(Cases.All[name])).Arguments);
        Assert.Empty(others);
        var read = ServerOptionsReader.Read(n => known.GetValueOrDefault(n), _ => null, _ => null);
        Assert.Empty(read.Errors);
        Assert.Equal("env:INCIDENTS_POSTGRES", read.Options!.Postgres);
        Assert.Equal("/data", read.Options.DataDirectory);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_variable_of_ours_is_one_that_the_server_reads(string name)
    {
        var ours = (await Rendered.OfAsync(Cases.All[name])).Container.List("env").Select(v => v.Text("name")).Where(n => n.StartsWith("INCIDENTS_", StringComparison.Ordinal));
        Assert.Empty(ours.Except([.. ServerOption.All.Select(o => o.Environment), "INCIDENTS_ADMIN_TOKEN"], StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_certificate_a_proxy_provides_tls_and_with_one_the_server_does()
    {
        var (plain, _) = Split((await Rendered.OfAsync()).Arguments);
        Assert.Equal(("http://*:5080", "true"), (plain["urls"], plain["behind-proxy"]));
        var rendered = await Rendered.OfAsync(Cases.All["tls"]);
        var (secure, _) = Split(rendered.Arguments);
        Assert.Equal("https://*:5080", secure["urls"]);
        Assert.DoesNotContain("behind-proxy", secure.Keys);
        var mount = rendered.Container.List("volumeMounts").Named("tls").Text("mountPath");
        Assert.Equal($"{mount}/tls.crt", rendered.Container.List("env").Named("Kestrel__Certificates__Default__Path").Text("value"));
        Assert.Equal($"{mount}/tls.key", rendered.Container.List("env").Named("Kestrel__Certificates__Default__KeyPath").Text("value"));
    }

    [Fact]
    public async Task Numbers_arrive_as_they_were_written()
    {
        var (usual, _) = Split((await Rendered.OfAsync()).Arguments);
        Assert.Equal(("4194304", "20s"), (usual["max-body-bytes"], usual["shutdown-timeout"]));
        var (traced, _) = Split((await Rendered.OfAsync(Cases.All["traces"])).Arguments);
        Assert.Equal(("0.1", "http://collector:4318"), (traced["trace-ratio"], traced["otlp-endpoint"]));
        var (off, _) = Split((await Rendered.OfAsync(Cases.All["metrics off"])).Arguments);
        Assert.Equal("off", off["metrics"]);
    }

    [Fact]
    public async Task The_job_runs_a_command_that_there_is()
    {
        var job = (await Rendered.OfAsync(Cases.All["configuration"])).One("Job");
        var arguments = Assert.Single(job.Json.List("spec.template.spec.containers")).List("args").Select(a => a.GetValue<string>()).ToArray();
        var file = Path.Combine(Directory.CreateTempSubdirectory("helm-check-").FullName, "incidents.yaml");
        var mounted = Array.FindIndex(arguments, a => a.EndsWith("/incidents.yaml", StringComparison.Ordinal));
        arguments[mounted] = file;
        const string good = "responders: {a: {}}\npolicies: {p: {steps: [{targets: [a]}]}}\nservices: {s: {policy: p}}\nroute: {receiver: s}\n";
        await File.WriteAllTextAsync(file, good, TestContext.Current.CancellationToken);
        Assert.Equal(0, await Program.Main(arguments));
        await File.WriteAllTextAsync(file, good.Replace("policy: p", "policy: q", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal(1, await Program.Main(arguments));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public void What_the_values_allow_the_server_takes()
    {
        foreach (var (path, option) in new[] { ("logFormat", "log-format"), ("logLevel", "log-level"), ("metrics", "metrics"), ("matchers", "matchers") })
        {
            var allowed = Chart.Schema.At($"properties.server.properties.{path}.enum")!.AsArray();
            Assert.All(allowed.OfType<JsonNode>(), value => Assert.Empty(Read(option, value.GetValue<string>())));
        }

        var size = Chart.Schema.At("properties.server.properties.maxBodyBytes");
        Assert.All(new[] { size.Number("minimum"), size.Number("maximum") }, bytes => Assert.Empty(Read("max-body-bytes", bytes.ToString())));
        Assert.All(new[] { size.Number("minimum") - 1, size.Number("maximum") + 1 }, bytes => Assert.NotEmpty(Read("max-body-bytes", bytes.ToString())));

        static IEnumerable<string> Read(string option, string value) => ServerOptionsReader.Read(n => n == option ? value : null, _ => null, _ => null).Errors;
    }

    // What the command line says by option, and which of its options this build does not have.
    private static (Dictionary<string, string> Known, List<string> Others) Split(IReadOnlyList<string> arguments)
    {
        Assert.Equal("serve", arguments[0]);
        var (known, others) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        for (var i = 1; i < arguments.Count; i++)
        {
            var option = arguments[i];
            Assert.StartsWith("--", option, StringComparison.Ordinal);
            var value = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i] : null;
            if (ServerOption.All.SingleOrDefault(o => o.CommandLine == option) is not { } found)
            {
                others.Add(option);
                continue;
            }

            Assert.True(found.IsFlag || value is not null, $"{option} has no value");
            known.Add(found.Name, value ?? "true");
        }

        return (known, others);
    }
}
