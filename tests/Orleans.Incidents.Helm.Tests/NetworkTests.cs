using System.Text.Json.Nodes;
using Incidents.Helm.Tests.Rendering;

namespace Incidents.Helm.Tests;

/// <summary>Who may talk to the pods, and with whom they may talk.</summary>
public class NetworkTests
{
    [Fact]
    public async Task Http_is_open_and_the_silos_ports_are_between_the_pods_alone()
    {
        var rendered = await Rendered.OfAsync();
        var policy = rendered.One("NetworkPolicy");
        Assert.Equal(["Ingress", "Egress"], policy.Json.List("spec.policyTypes").Select(t => t.GetValue<string>()));
        var ingress = policy.Json.List("spec.ingress");
        Assert.Equal(2, ingress.Count);
        Assert.Equal([5080], Ports(ingress[0]));
        Assert.Null(ingress[0]["from"]);
        Assert.Equal([11111, 30000], Ports(ingress[1]));
        var peer = Assert.Single(ingress[1].List("from")).AsObject();
        Assert.Equal(["podSelector"], peer.Select(p => p.Key));
        Assert.True(peer["podSelector"].At("matchLabels").Selects(rendered.Deployment["spec.template.metadata.labels"]));
    }

    [Fact]
    public async Task Pods_reach_names_the_database_receivers_and_each_other()
    {
        var egress = (await Rendered.OfAsync()).One("NetworkPolicy").Json.List("spec.egress");
        Assert.Equal([[53, 53], [5432], [443, 587], [11111, 30000]], egress.Select(Ports));
        Assert.Equal(["UDP", "TCP"], egress[0].List("ports").Select(p => p.Text("protocol")));
        Assert.All(egress[2].List("to"), to => Assert.NotEmpty(to.List("ipBlock.except")));
        Assert.Equal("0.0.0.0/0", egress[2].Text("to.0.ipBlock.cidr"));
        Assert.Contains("169.254.0.0/16", egress[2].List("to.0.ipBlock.except").Select(e => e.GetValue<string>()));
        Assert.NotNull(Assert.Single(egress[3].List("to"))["podSelector"]);
    }

    [Fact]
    public async Task In_standby_mode_pods_do_not_talk_to_each_other()
    {
        var policy = (await Rendered.OfAsync(Cases.All["standby"])).One("NetworkPolicy").Json;
        Assert.Equal([[5080]], policy.List("spec.ingress").Select(Ports));
        Assert.Equal([[53, 53], [5432], [443, 587]], policy.List("spec.egress").Select(Ports));
    }

    [Fact]
    public async Task Every_rule_can_be_narrowed_and_others_added()
    {
        var policy = (await Rendered.OfAsync(Cases.All["closed policy"])).One("NetworkPolicy").Json;
        Assert.NotNull(Assert.Single(policy.List("spec.ingress.0.from"))["namespaceSelector"]);
        var egress = policy.List("spec.egress");
        Assert.Equal([[53, 53], [6432], [11111, 30000], [4318]], egress.Select(Ports));
        Assert.NotNull(Assert.Single(egress[0].List("to"))["namespaceSelector"]);
        Assert.Equal("10.0.0.1/32", Assert.Single(egress[1].List("to")).Text("ipBlock.cidr"));
    }

    [Fact]
    public async Task It_can_be_left_out() => Assert.Null((await Rendered.OfAsync(Cases.All["no policy"])).Maybe("NetworkPolicy"));

    private static long[] Ports(JsonNode rule) => [.. rule.List("ports").Select(p => p.Number("port"))];
}
