namespace Incidents.Server.Logging;

/// <summary>Lines about the watchdog and the outward heartbeat. No line has the heartbeat's address.</summary>
internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Error, "the watchdog found {Kind}: {What}", EventName = "WatchdogFinding")]
    public static partial void WatchdogFinding(ILogger log, string kind, long count, string what);

    [LoggerMessage(1202, LogLevel.Information, "the watchdog no longer finds {Kind}", EventName = "WatchdogFindingGone")]
    public static partial void WatchdogFindingGone(ILogger log, string kind);

    [LoggerMessage(1203, LogLevel.Error, "a check of the watchdog broke off, and the next is made all the same: {Why}", EventName = "WatchdogCheckFailed")]
    public static partial void WatchdogCheckFailed(ILogger log, string why);

    [LoggerMessage(1204, LogLevel.Error, "what the watchdog found could not be made an incident: {Why}", EventName = "WatchdogNotHeard")]
    public static partial void WatchdogNotHeard(ILogger log, string why);

    [LoggerMessage(1205, LogLevel.Warning, "the outward heartbeat was not taken: {Outcome}", EventName = "HeartbeatNotSent")]
    public static partial void HeartbeatNotSent(ILogger log, string outcome);

    [LoggerMessage(1206, LogLevel.Information, "the outward heartbeat is taken again", EventName = "HeartbeatSentAgain")]
    public static partial void HeartbeatSentAgain(ILogger log);

    [LoggerMessage(1207, LogLevel.Error, "that {Integration} is silent could not be said; tried again: {Why}", EventName = "SilenceNotSaid")]
    public static partial void SilenceNotSaid(ILogger log, string integration, string why);
}
