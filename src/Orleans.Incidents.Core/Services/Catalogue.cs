using System.Collections.Immutable;
using Incidents.Delivery;
using Incidents.Escalation;
using Incidents.Identities;
using Incidents.Responders;
using Incidents.Routing;
using Incidents.Routing.Intervals;

namespace Incidents.Services;

/// <summary>
/// All that a configuration declares, by id, in ordinal order of ids. Immutable and closed: every id that a definition
/// names is in here. An empty catalogue is one that declares nothing.
/// </summary>
public sealed record Catalogue
{
    /// <summary>The catalogue that declares nothing.</summary>
    public static Catalogue Empty { get; } = new();

    /// <summary>People who can be paged.</summary>
    public ImmutableSortedDictionary<string, ResponderDefinition> Responders { get; init; } = None<ResponderDefinition>();

    /// <summary>Escalation policies.</summary>
    public ImmutableSortedDictionary<string, PolicyDefinition> Policies { get; init; } = None<PolicyDefinition>();

    /// <summary>Services. A service and a policy may share an id; then no route names that id.</summary>
    public ImmutableSortedDictionary<string, ServiceDefinition> Services { get; init; } = None<ServiceDefinition>();

    /// <summary>Alert sources.</summary>
    public ImmutableSortedDictionary<string, IntegrationDefinition> Integrations { get; init; } = None<IntegrationDefinition>();

    /// <summary>Identities, with those that integrations without one of their own were given.</summary>
    public ImmutableSortedDictionary<string, IdentityDefinition> Identities { get; init; } = None<IdentityDefinition>();

    /// <summary>The mail server; <see langword="null"/>: none is declared, and then no responder has a contact by email.</summary>
    public EmailServer? Email { get; init; }

    /// <summary>How the server watches itself; <see langword="null"/>: with the defaults, and nobody is paged for what it finds.</summary>
    public WatchdogDefinition? Watchdog { get; init; }

    /// <summary>The root of the routing tree; <see langword="null"/>: none is declared, and then there are no integrations either.</summary>
    public RouteNode? Route { get; init; }

    /// <summary>Time intervals that routes name.</summary>
    public ImmutableSortedDictionary<string, TimeIntervalDefinition> TimeIntervals { get; init; } = None<TimeIntervalDefinition>();

    private static ImmutableSortedDictionary<string, T> None<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}
