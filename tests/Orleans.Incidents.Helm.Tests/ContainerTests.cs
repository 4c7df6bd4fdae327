using System.Xml.Linq;
using Incidents.Helm.Tests.Rendering;
using Incidents.Server;

namespace Incidents.Helm.Tests;

/// <summary>The image that the server's project makes is the one that the chart runs.</summary>
public class ContainerTests
{
    private static readonly XDocument Project = XDocument.Load(Path.Combine(Chart.Root, "src", "Orleans.Incidents.Server", "Orleans.Incidents.Server.csproj"));

    [Fact]
    public void It_runs_as_the_charts_user_by_number() => Assert.Equal(Chart.Values.Number("securityContext.runAsUser").ToString(), Property("ContainerUser"));

    [Fact]
    public void It_is_called_as_the_chart_calls_it()
    {
        Assert.Equal(Chart.Values.Text("image.repository"), Property("ContainerRepository"));
        Assert.Equal(Program.Version, Chart.About.Text("appVersion"));
        Assert.Equal("$(Version)", Property("ContainerImageTag"));
    }

    [Fact]
    public void It_says_the_ports_that_the_chart_uses() => Assert.Equal(
        ["5080", Chart.Values.Number("cluster.siloPort").ToString(), Chart.Values.Number("cluster.gatewayPort").ToString()], Items("ContainerPort"));

    [Fact]
    public void Its_entry_point_is_the_server_and_arguments_replace_only_what_follows()
    {
        Assert.Equal("Entrypoint", Property("ContainerAppCommandInstruction"));
        Assert.Equal("serve", Items("ContainerDefaultArgs")[0]);
    }

    [Fact]
    public void Its_base_is_public_and_has_no_shell()
    {
        Assert.StartsWith("mcr.microsoft.com/dotnet/aspnet:10.0", Property("ContainerBaseImage"), StringComparison.Ordinal);
        Assert.Contains("chiseled", Property("ContainerBaseImage"), StringComparison.Ordinal);
    }

    private static string Property(string name) => Assert.Single(Project.Descendants(name)).Value;

    private static List<string> Items(string name) => [.. Project.Descendants(name).Select(i => i.Attribute("Include")!.Value)];
}
