using System.Collections.Immutable;
using System.Security.Cryptography;
using Incidents.Alerts;
using Incidents.Escalation;
using Incidents.Identities;
using Incidents.Responders;
using Incidents.Routing;
using Incidents.Server.Edge;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Hosting;

/// <summary>What a first start without a configuration makes: one service, policy and responder, and one integration a format.</summary>
internal static class Starter
{
    public const string Admin = "admin";

    /// <summary>The formats that the starter catalogue has an integration for, by the integration's name.</summary>
    public static ImmutableArray<(string Id, string Format)> Integrations { get; } =
    [
        ("alertmanager", "alertmanager-webhook-v4"),
        ("cloudevents", "cloudevents-structured"),
        ("generic", "generic-json"),
        ("pagerduty", "pagerduty-events-v2"),
        ("prometheus", "alertmanager-api-v2-alerts"),
    ];

    /// <summary>32 characters that nobody can guess.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The bootstrap admin: an ordinary human identity with an expiry.</summary>
    public static IdentityDefinition AdminIdentity(string token, Instant now) =>
        new(Admin, IdentityKind.Human, null, now + Duration.FromDays(365), null, Registry.Hash(token), MayOperate: true);

    /// <summary>
    /// What the watchdog acts as: a service account that the admin answers for. It ends after a year, and a start renews it when less
    /// than a quarter of that is left.
    /// </summary>
    public static IdentityDefinition WatchdogIdentity(Catalogue known, Instant now) =>
        known.Identities.TryGetValue(WatchdogDefinition.Identity, out var before) && before.ExpiresAt - now > Duration.FromDays(91)
            ? before
            : new(WatchdogDefinition.Identity, IdentityKind.Service, Admin, now + Duration.FromDays(365), null, null, MayOperate: false);

    /// <summary>How the server watches itself without a file: the starter's service is paged; <see langword="null"/>: there is none.</summary>
    public static WatchdogDefinition? WatchdogOf(Catalogue? file, Catalogue known) => file is null && known.Services.ContainsKey("default")
        ? new WatchdogDefinition("default", null, WatchdogDefinition.DefaultEvery, WatchdogDefinition.DefaultLateAfter)
        : null;

    /// <summary>The catalogue, and the token of each integration.</summary>
    public static (Catalogue Catalogue, ImmutableSortedDictionary<string, string> Tokens) Make(IdentityDefinition admin, Instant now)
    {
        var tokens = Integrations.ToImmutableSortedDictionary(i => i.Id, _ => NewToken());
        var budget = new Budget(600, Duration.FromMinutes(1), 1200);
        var sender = new IdentityDefinition("starter", IdentityKind.Service, Admin, now + Duration.FromDays(365), budget, null, MayOperate: false);
        var catalogue = Catalogue.Empty with
        {
            Responders = Catalogue.Empty.Responders.Add("you", new ResponderDefinition("you", "You", [new Contact("console", "you", null)])),
            Policies = Catalogue.Empty.Policies.Add("default", new PolicyDefinition("default", [new PolicyStep(["you"], Duration.FromMinutes(5))], 2)),
            Services = Catalogue.Empty.Services.Add("default", new ServiceDefinition("default", "Default service", "", "default", Severity.Error, ServiceDefinition.DefaultOpeningBudget)),
            Identities = Catalogue.Empty.Identities.Add(Admin, admin).Add("starter", sender),
            Integrations = Catalogue.Empty.Integrations.AddRange(Integrations.Select(i => KeyValuePair.Create(i.Id, new IntegrationDefinition(
                i.Id, i.Format, "starter", LabelSet.Empty, Duration.FromMinutes(5), Registry.Hash(tokens[i.Id]))))),
            Route = new RouteNode { Receiver = "default", GroupBy = ["alertname", "cluster", "service"] },
        };
        return (catalogue, tokens);
    }
}
