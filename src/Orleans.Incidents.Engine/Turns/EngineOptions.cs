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

    /// <summary>
    /// How many pages may be on their way to channels at once. Channels bound themselves to 128 a receiver and 32 an address, so
    /// that 32 receivers have to hang at the same time before pages of others wait. Default 4,096.
    /// </summary>
    public int MaxPagesUnderWay { get; init; } = 4_096;

    /// <summary>How many stored messages of a lane wait in memory; the others wait on disk. Default 20,000.</summary>
    public int MaxWaiting { get; init; } = 20_000;

    /// <summary>How far ahead stored messages are read, when half of that has passed. Default ten seconds.</summary>
    public Duration Horizon { get; init; } = Duration.FromSeconds(10);

    /// <summary>How long a group's repeats are in receipt blocks alone before they are covered by an event or saved in their row. Default one minute.</summary>
    public Duration SaveAfter { get; init; } = Duration.FromMinutes(1);

    /// <summary>
    /// They become an event and not a row when they are at least one in so many of those covered before, so that lists count them: the
    /// first ones always, those of a group that is repeated for weeks ever more seldom. 0: never. Default 8.
    /// </summary>
    public int CoverShare { get; init; } = 8;

    /// <summary>How often storing one command by itself may fail before it is refused or kept aside. Default 3.</summary>
    public int MaxFailures { get; init; } = 3;

    /// <summary>How often the process may die while one message is tried before that is kept aside unseen. Default 5.</summary>
    public int MaxDeaths { get; init; } = 5;

    /// <summary>How many messages that may have killed the process before this one are tried at once. Default 64; one that was tried before is tried alone.</summary>
    public int MaxTrials { get; init; } = 64;

    /// <summary>How long the stored form of one event or message may be, in bytes. Default 4 MiB; what is longer is refused.</summary>
    public int MaxPayload { get; init; } = 4 << 20;

    /// <summary>A stream's state is kept for a faster load every so many of its events. Default 256.</summary>
    public int SnapshotEvery { get; init; } = 256;
}
