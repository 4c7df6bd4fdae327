using Incidents.Throttling;
using NodaTime;

namespace Incidents.Services;

/// <summary>How the server watches itself, and who hears of it.</summary>
/// <param name="Service">The service whose policy is paged for what the watchdog finds.</param>
/// <param name="HeartbeatRef">Where the address lies that is called after each check in which everything was well; <see langword="null"/>: nothing is called.</param>
/// <param name="Every">How often it checks; longer than zero. Default one minute.</param>
/// <param name="LateAfter">How long something may be past its time, exclusive; longer than zero. Default one minute.</param>
public sealed record WatchdogDefinition(string Service, string? HeartbeatRef, Duration Every, Duration LateAfter)
{
    /// <summary>The identity that the watchdog acts as.</summary>
    public const string Identity = "watchdog";

    /// <summary>How often it checks where nothing is configured.</summary>
    public static Duration DefaultEvery { get; } = Duration.FromMinutes(1);

    /// <summary>How long something may be past its time where nothing is configured.</summary>
    public static Duration DefaultLateAfter { get; } = Duration.FromMinutes(1);

    /// <summary>
    /// The lane of its own: how often it may begin to page. Whatever it finds and however often that comes and goes, it opens no more
    /// than this, and what it does costs nobody else's budget.
    /// </summary>
    public static Budget Openings { get; } = new(4, Duration.FromHours(1), 4);
}
