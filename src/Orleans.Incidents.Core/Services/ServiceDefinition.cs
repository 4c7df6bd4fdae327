using Incidents.Alerts;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Services;

/// <summary>A catalogue entry: something that can be broken and that somebody answers for.</summary>
/// <param name="Id">Lower-case name, unique in the catalogue.</param>
/// <param name="Title">For people.</param>
/// <param name="Owner">The owning team; empty when nobody said.</param>
/// <param name="Policy">The escalation policy's id.</param>
/// <param name="PageFrom">The least urgent severity that pages; less urgent incidents open in triage and page nobody. Default <see cref="Severity.Error"/>.</param>
/// <param name="OpeningBudget">How fast one identity may open incidents here; past it alerts join the storm incident. Default 20 at once, 20 an hour.</param>
/// <param name="AcknowledgementLease">
/// How long an acknowledgement counts after the last thing that a person did; zero: for ever. <see langword="null"/>:
/// <see cref="DefaultAcknowledgementLease"/>.
/// </param>
/// <param name="CriticalReserve">
/// How fast one identity may still open incidents for critical problems when it is past the opening budget; <see cref="NoReserve"/>:
/// not at all. <see langword="null"/>: <see cref="DefaultCriticalReserve"/>.
/// </param>
public sealed record ServiceDefinition(
    string Id, string Title, string Owner, string Policy, Severity PageFrom, Budget OpeningBudget, Duration? AcknowledgementLease = null,
    Budget? CriticalReserve = null)
{
    /// <summary>The opening budget where none is configured.</summary>
    public static Budget DefaultOpeningBudget { get; } = new(20, Duration.FromHours(1), 20);

    /// <summary>The reserve for critical problems where none is configured: 5 at once, 5 an hour.</summary>
    public static Budget DefaultCriticalReserve { get; } = new(5, Duration.FromHours(1), 5);

    /// <summary>The reserve that allows nothing.</summary>
    public static Budget NoReserve { get; } = new(0, Duration.FromHours(1), 0);

    /// <summary>How long an acknowledgement counts where nothing is configured: 30 minutes.</summary>
    public static Duration DefaultAcknowledgementLease { get; } = Duration.FromMinutes(30);
}
