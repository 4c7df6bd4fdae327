using Incidents.Server.Api.Description;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Api.Answers;

/// <summary>Every service of the catalogue.</summary>
internal sealed record VelocityList(IReadOnlyList<ServiceVelocity> Items, string? Next) : IShown<VelocityList>
{
    public static VelocityList Example { get; } = new(
        [new ServiceVelocity("checkout", ServiceDefinition.DefaultOpeningBudget, ServiceDefinition.DefaultCriticalReserve, new StormNow(Examples.Incident, Examples.At, 230), [new IdentityVelocity("grafana", 0, 3, 230)])], null);
}

/// <summary>One service.</summary>
/// <param name="CriticalReserve">Absent: none.</param>
/// <param name="Storm">Absent: none is under way.</param>
/// <param name="Identities">Those that ever opened something here.</param>
internal sealed record ServiceVelocity(string Service, Budget OpeningBudget, Budget? CriticalReserve, StormNow? Storm, IReadOnlyList<IdentityVelocity> Identities);

/// <summary>A storm under way.</summary>
internal sealed record StormNow(string Incident, Instant StartedAt, long Problems);

/// <summary>One identity.</summary>
/// <param name="OpeningsLeft">How many incidents it may open now.</param>
/// <param name="ReserveLeft">How many more for critical problems.</param>
/// <param name="InStorm">How many of its problems went into the storm.</param>
internal sealed record IdentityVelocity(string Identity, long OpeningsLeft, long ReserveLeft, long InStorm);
