using System.Reflection;
using Incidents.Audit;
using Incidents.Engine.Turns;
using Incidents.Integrations.Intake;
using Incidents.Journal.Sqlite;

namespace Incidents.Conventions;

/// <summary>References run one way: Core, Engine, then Journal and Integrations beside each other, then Server.</summary>
public class LayeringTests
{
    private static readonly Assembly Core = typeof(Reason).Assembly;
    private static readonly Assembly Engine = typeof(TurnEngine).Assembly;
    private static readonly Assembly Journal = typeof(SqliteJournal).Assembly;
    private static readonly Assembly Integrations = typeof(Translators).Assembly;
    private static readonly Assembly Server = Assembly.Load("Orleans.Incidents.Server");

    [Fact]
    public void Core_references_nothing_of_ours_and_one_package() =>
        Assert.Equal(["NodaTime"], References(Core).Where(n => !n.StartsWith("System", StringComparison.Ordinal) && n != "netstandard"));

    [Fact]
    public void Engine_references_core_alone() => Assert.Equal(["Core"], Ours(Engine));

    [Fact]
    public void Journal_and_integrations_do_not_know_each_other_or_the_server()
    {
        Assert.All(Ours(Journal), name => Assert.Contains(name, (string[])["Core", "Engine"]));
        Assert.All(Ours(Integrations), name => Assert.Contains(name, (string[])["Core", "Engine"]));
    }

    [Fact]
    public void Only_the_server_knows_the_web()
    {
        foreach (var assembly in new[] { Core, Engine, Journal, Integrations })
            Assert.DoesNotContain(References(assembly), n => n.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.Contains(References(Server), n => n.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_but_the_cluster_host_references_orleans() =>
        Assert.All(new[] { Core, Engine, Journal, Integrations, Server }, assembly =>
            Assert.DoesNotContain(References(assembly), n => n.StartsWith("Microsoft.Orleans", StringComparison.Ordinal)));

    [Fact]
    public void Namespaces_are_not_below_Orleans() =>
        Assert.All(new[] { Core, Engine, Journal, Integrations, Server }.SelectMany(a => a.GetTypes()).Where(t => t.Namespace?.StartsWith("OrleansCodeGen.", StringComparison.Ordinal) == false),
            type => Assert.False(type.Namespace!.StartsWith("Orleans", StringComparison.Ordinal), type.FullName));

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(a => a.Name!).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Ours(Assembly assembly) =>
        References(assembly).Where(n => n.StartsWith("Orleans.Incidents.", StringComparison.Ordinal)).Select(n => n["Orleans.Incidents.".Length..]);
}
