using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Incidents.Alerts;
using Incidents.Identities;
using Incidents.Routing;
using Incidents.Routing.Matchers;
using Incidents.Services;

namespace Incidents.Server.Edge;

/// <summary>The catalogue as the edge needs it: who holds which credential, and where alerts go. Immutable; replaced as a whole.</summary>
internal sealed class Registry
{
    private readonly FrozenDictionary<string, IdentityDefinition> _byToken;
    private readonly FrozenDictionary<string, IntegrationDefinition> _integrationByToken;

    public Registry(Catalogue catalogue, MatcherMode matchers = MatcherMode.Fallback)
    {
        Catalogue = catalogue;
        _byToken = catalogue.Identities.Values.Where(i => i.CredentialHash is not null).ToFrozenDictionary(i => i.CredentialHash!);
        _integrationByToken = catalogue.Integrations.Values.ToFrozenDictionary(i => i.CredentialHash);
        Routes = catalogue.Route is { } root ? RouteTree.Compile(root, new RouteTreeOptions
        {
            // A catalogue that an earlier version journalled has names and no intervals.
            Mode = matchers, TimeIntervals = catalogue.TimeIntervals.IsEmpty ? null : catalogue.TimeIntervals,
        }).Tree : null;
    }

    public Catalogue Catalogue { get; }

    /// <summary>The routing tree; <see langword="null"/>: none is declared.</summary>
    public RouteTree? Routes { get; }

    public IdentityDefinition? Identity(string token) => _byToken.GetValueOrDefault(Hash(token));

    public IntegrationDefinition? Integration(string token) => _integrationByToken.GetValueOrDefault(Hash(token));

    /// <summary>The integration that a format's drop-in address means when the caller's credential names none.</summary>
    public IntegrationDefinition? First(string format) => Catalogue.Integrations.Values.FirstOrDefault(i => i.Format == format);

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Where an alert goes, by each route that takes it. What a label set leads to is found once and kept with it.</summary>
    public IReadOnlyList<Destination> Destinations(LabelSet labels)
    {
        if (Routes is null)
            return [];
        var routes = Routes.Match(labels);
        var destinations = new Destination[routes.Length];
        for (var i = 0; i < destinations.Length; i++)
            destinations[i] = new Destination(routes[i], routes[i].GroupLabels(labels));
        return destinations;
    }
}

/// <summary>One route that takes an alert, and the labels that make its group there.</summary>
internal readonly record struct Destination(global::Incidents.Routing.Route Route, LabelSet Group);
