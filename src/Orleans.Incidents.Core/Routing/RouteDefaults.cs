using Incidents.Alerts;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Routing;

/// <summary>The timings of a root route that names none.</summary>
public sealed record RouteDefaults
{
    /// <summary>Ours: a new group opens at once. The other timings are Alertmanager's.</summary>
    public static RouteDefaults Ours { get; } = new();

    /// <summary>Alertmanager's own (dispatch.DefaultRouteOpts): a new group waits 30 seconds.</summary>
    public static RouteDefaults Alertmanager { get; } = new() { GroupWait = Duration.FromSeconds(30) };

    /// <summary>How long a new group waits.</summary>
    /// <value>Zero.</value>
    public Duration GroupWait { get; init; } = Duration.Zero;

    /// <summary>How often a group tells of new alerts.</summary>
    /// <value>5 minutes.</value>
    public Duration GroupInterval { get; init; } = Duration.FromMinutes(5);

    /// <summary>How often a group repeats itself.</summary>
    /// <value>4 hours.</value>
    public Duration RepeatInterval { get; init; } = Duration.FromHours(4);

    /// <summary>How long after its resolve a group re-opens its incident.</summary>
    /// <value>Zero: a new incident each time.</value>
    public Duration ReopenWindow { get; init; } = Duration.Zero;

    /// <summary>When a group counts as flapping.</summary>
    /// <value>4 beginnings within 15 minutes.</value>
    public FlapRule Flap { get; init; } = new(4, Duration.FromMinutes(15));

    /// <summary>How often alerts must fire before there is an incident.</summary>
    /// <value>Once; were it more often, within 10 minutes and unless critical.</value>
    public OpeningThreshold Threshold { get; init; } = new(1, Duration.FromMinutes(10), Severity.Critical);
}
