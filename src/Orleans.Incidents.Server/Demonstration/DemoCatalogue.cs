using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Escalation;
using Incidents.Identities;
using Incidents.Responders;
using Incidents.Routing;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Demonstration;

/// <summary>The tokens of the demonstration's own callers: one person and two senders.</summary>
internal sealed record DemoTokens(string Anna, string Prometheus, string Robot);

/// <summary>A small company: three services, two people on call, a monitoring system and a robot.</summary>
internal static class DemoCatalogue
{
    public const string Anna = "anna";
    public const string Ben = "ben";
    public const string Robot = "ci-robot";
    public const string Checkout = "checkout";
    public const string Platform = "platform";
    public const string Search = "search";

    /// <summary>The catalogue, and new tokens for it.</summary>
    public static (Catalogue Catalogue, DemoTokens Tokens) Make(Instant now)
    {
        var tokens = new DemoTokens(Starter.NewToken(), Starter.NewToken(), Starter.NewToken());
        var ends = now + Duration.FromDays(1);
        var catalogue = Catalogue.Empty with
        {
            Responders = ById(r => r.Id, Responder(Anna, "Anna"), Responder(Ben, "Ben")),
            Policies = ById(p => p.Id, Policy("shop", Anna, Ben), Policy("infrastructure", Ben, Anna)),
            Services = ById(s => s.Id, Service(Checkout, "Checkout", "shop", 10), Service(Search, "Search", "shop", 10), Service(Platform, "Platform", "infrastructure", 3)),
            Identities = ById(
                i => i.Id,
                Person(Anna, ends, Registry.Hash(tokens.Anna)),
                Person(Ben, ends, null),
                new IdentityDefinition("prometheus", IdentityKind.Service, Anna, ends, null, null, MayOperate: false),
                new IdentityDefinition(Robot, IdentityKind.Service, Ben, ends, new Budget(30, Duration.FromMinutes(1), 5), null, MayOperate: false)),
            Integrations = ById(i => i.Id, Integration("prometheus", "alertmanager-api-v2-alerts", tokens.Prometheus), Integration(Robot, "generic-json", tokens.Robot)),
            Route = new RouteNode { Receiver = Platform, GroupBy = ["alertname", "instance"], Routes = [To(Checkout), To(Search)] },
        };
        return (catalogue, tokens);
    }

    private static ResponderDefinition Responder(string id, string name) => new(id, name, [new Contact("console", id, null)]);

    private static PolicyDefinition Policy(string id, string first, string second) =>
        new(id, [new PolicyStep([first], Duration.FromMinutes(5)), new PolicyStep([second], Duration.FromMinutes(5))], 1);

    private static ServiceDefinition Service(string id, string title, string policy, int openings) =>
        new(id, title, policy, policy, Severity.Error, new Budget(openings, Duration.FromHours(1), openings));

    private static IdentityDefinition Person(string id, Instant ends, string? credential) => new(id, IdentityKind.Human, null, ends, null, credential, MayOperate: true);

    private static IntegrationDefinition Integration(string id, string format, string token) =>
        new(id, format, id, LabelSet.Empty, Duration.FromMinutes(5), Registry.Hash(token));

    private static RouteNode To(string service) => new() { Receiver = service, Matchers = [$"service = \"{service}\""] };

    private static ImmutableSortedDictionary<string, T> ById<T>(Func<T, string> id, params T[] items) =>
        items.ToImmutableSortedDictionary(id, i => i, StringComparer.Ordinal);
}
