using NodaTime;

namespace Incidents.Heartbeats;

/// <summary>How often a sender says that it is alive.</summary>
/// <param name="Every">Its period; longer than zero.</param>
/// <param name="Grace">How much longer than that it may be silent; longer than zero. Default one minute.</param>
public sealed record HeartbeatRule(Duration Every, Duration Grace)
{
    /// <summary>The format's name.</summary>
    public const string Format = "heartbeat";

    /// <summary>The grace where none is configured.</summary>
    public static Duration DefaultGrace { get; } = Duration.FromMinutes(1);
}

/// <summary>When a sender of heartbeats counts as silent. Pure.</summary>
public static class HeartbeatRules
{
    /// <summary>
    /// How long after a stored beat another one need not be stored: a tenth of the period, and never more than the grace. So a crash
    /// may put the last beat back by that much, and who beats on time is still not taken for silent.
    /// </summary>
    public static Duration Slack(HeartbeatRule rule) => Duration.Min(rule.Every / 10, rule.Grace);

    /// <summary>Whether a beat changes nothing that is stored.</summary>
    /// <param name="rule">How often it beats.</param>
    /// <param name="stored">The last stored beat; <see langword="null"/>: none.</param>
    /// <param name="now">This beat. Before <paramref name="stored"/>, as when the clock was set back, it is stored.</param>
    public static bool IsNear(HeartbeatRule rule, Instant? stored, Instant now) => stored is { } last && now >= last && now - last < Slack(rule);

    /// <summary>
    /// When it counts as silent, the moment itself included: period and grace after it was last heard. Who could not be heard is not
    /// silent: for one grace after the server began to hear (again) nobody is.
    /// </summary>
    /// <param name="rule">How often it beats.</param>
    /// <param name="heard">When it was last heard; of one that never was, when it was configured.</param>
    /// <param name="hearingSince">Since when the server takes beats without a break.</param>
    public static Instant Deadline(HeartbeatRule rule, Instant heard, Instant hearingSince) =>
        Instant.Max(heard + rule.Every + rule.Grace, hearingSince + rule.Grace);
}
