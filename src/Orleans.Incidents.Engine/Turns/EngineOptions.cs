using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>The engine's bounds.</summary>
public sealed record EngineOptions
{
    /// <summary>How many actors stay in memory. Default 200,000.</summary>
    public int MaxActors { get; init; } = 200_000;

    /// <summary>An actor that nobody used for this long, or up to twice as long, leaves memory. Default five minutes.</summary>
    public Duration IdleAfter { get; init; } = Duration.FromMinutes(5);

    /// <summary>How many entries one flush holds at most. Default 8,192.</summary>
    public int MaxFlush { get; init; } = 8_192;

    /// <summary>How many pages may be on their way to channels at once. Default 256.</summary>
    public int MaxPagesUnderWay { get; init; } = 256;

    /// <summary>How many stored messages of a lane wait in memory; the others wait on disk. Default 20,000.</summary>
    public int MaxWaiting { get; init; } = 20_000;

    /// <summary>How far ahead stored messages are read. Default one minute.</summary>
    public Duration Horizon { get; init; } = Duration.FromMinutes(1);

    /// <summary>A group's repeats become an event no sooner than this after the first of them, and in growing steps. Default one second.</summary>
    public Duration CoverAfter { get; init; } = Duration.FromSeconds(1);

    /// <summary>… and no later than this. Default one minute.</summary>
    public Duration CoverBy { get; init; } = Duration.FromMinutes(1);

    /// <summary>Sooner than <see cref="CoverBy"/> only with this many repeats. Default 16.</summary>
    public int CoverCount { get; init; } = 16;

    /// <summary>How often storing one command by itself may fail before it is refused or kept aside. Default 3.</summary>
    public int MaxFailures { get; init; } = 3;
}
