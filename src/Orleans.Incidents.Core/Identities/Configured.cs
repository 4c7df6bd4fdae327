using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Routing;
using Incidents.Routing.Intervals;

namespace Incidents.Identities;

/// <summary>An identity's entry; <see langword="null"/> before it is configured.</summary>
public sealed record IdentityState(IdentityDefinition? Definition)
{
    /// <summary>Before anything happened.</summary>
    public static IdentityState Initial { get; } = new((IdentityDefinition?)null);

    /// <summary>The fold: one line an event.</summary>
    public static IdentityState Evolve(IdentityState state, IEvent happened) => happened switch
    {
        IdentityConfigured e => new(e.Definition),
        _ => throw new UnknownEventException(happened),
    };
}

/// <summary>An integration's entry; <see langword="null"/> before it is configured.</summary>
public sealed record IntegrationState(IntegrationDefinition? Definition)
{
    /// <summary>Before anything happened.</summary>
    public static IntegrationState Initial { get; } = new((IntegrationDefinition?)null);

    /// <summary>The fold: one line an event.</summary>
    public static IntegrationState Evolve(IntegrationState state, IEvent happened) => happened switch
    {
        IntegrationConfigured e => new(e.Definition),
        _ => throw new UnknownEventException(happened),
    };
}

/// <summary>The routing tree; <see langword="null"/> before it is configured.</summary>
public sealed record RoutingState(RouteNode? Root)
{
    /// <summary>As in <see cref="RoutingConfigured"/>.</summary>
    public ImmutableArray<TimeIntervalDefinition>? TimeIntervals { get; init; }

    /// <summary>Before anything happened.</summary>
    public static RoutingState Initial { get; } = new((RouteNode?)null);

    /// <summary>The fold: one line an event.</summary>
    public static RoutingState Evolve(RoutingState state, IEvent happened) => happened switch
    {
        RoutingConfigured e => new(e.Root) { TimeIntervals = e.TimeIntervals },
        _ => throw new UnknownEventException(happened),
    };
}

/// <summary>Set an identity's entry.</summary>
public sealed record ConfigureIdentity(IdentityDefinition Definition) : ICommand;

/// <summary>Set an integration's entry.</summary>
public sealed record ConfigureIntegration(IntegrationDefinition Definition) : ICommand;

/// <summary>Set the routing tree.</summary>
public sealed record ConfigureRouting(RouteNode Root) : ICommand
{
    /// <summary>As in <see cref="RoutingConfigured"/>.</summary>
    public ImmutableArray<TimeIntervalDefinition>? TimeIntervals { get; init; }
}

/// <summary>An identity's entry was set.</summary>
public sealed record IdentityConfigured(IdentityDefinition Definition) : IEvent;

/// <summary>An integration's entry was set.</summary>
public sealed record IntegrationConfigured(IntegrationDefinition Definition) : IEvent;

/// <summary>The routing tree was set.</summary>
public sealed record RoutingConfigured(RouteNode Root) : IEvent
{
    /// <summary>The time intervals that its routes may name; <see langword="null"/>: none are declared.</summary>
    public ImmutableArray<TimeIntervalDefinition>? TimeIntervals { get; init; }
}

/// <summary>Entries that are only set.</summary>
public static class ConfiguredRules
{
    /// <summary>Decides on a command. Pure. A non-human identity without a sponsor is refused.</summary>
    public static Decision Decide(ICommand command) => command switch
    {
        ConfigureIdentity { Definition: { Kind: not IdentityKind.Human, Sponsor: null } } => Decision.Nothing(Reason.SponsorMissing),
        ConfigureIdentity c => Decision.Of(Reason.Configured, new IdentityConfigured(c.Definition)),
        ConfigureIntegration c => Decision.Of(Reason.Configured, new IntegrationConfigured(c.Definition)),
        ConfigureRouting c => Decision.Of(Reason.Configured, new RoutingConfigured(c.Root) { TimeIntervals = c.TimeIntervals }),
        ConfigureEmail c => Decision.Of(Reason.Configured, new EmailConfigured(c.Definition)),
        _ => throw new UnknownCommandException(command),
    };
}
