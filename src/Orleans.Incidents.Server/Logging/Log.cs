namespace Incidents.Server.Logging;

/// <summary>
/// Every line of the log. Ids and names are stable. What senders and receivers wrote (titles, labels, bodies, answers) is in no
/// line, and neither is a credential nor an address that could hold one.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "version {Version} serves {Urls}; data in {Data}, journal position {Position}", EventName = "Started")]
    public static partial void Started(ILogger log, string version, string urls, string data, long position);

    [LoggerMessage(1002, LogLevel.Information, "stopping: requests under way are answered, what is accepted is stored", EventName = "Stopping")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(1003, LogLevel.Information, "stopped in order", EventName = "Stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(1004, LogLevel.Critical, "the server has left service, because it can no longer keep what it promises: {Why}", EventName = "LeftService")]
    public static partial void LeftService(ILogger log, string why);

    [LoggerMessage(1005, LogLevel.Error, "unforeseen error in {Method} {Route}; the caller was told this request id", EventName = "UnforeseenError")]
    public static partial void UnforeseenError(ILogger log, Exception error, string method, string route, string request);

    [LoggerMessage(1006, LogLevel.Warning, "{Count} lines of {Kind} were left out, because there were too many", EventName = "LinesLeftOut")]
    public static partial void LinesLeftOut(ILogger log, string kind, long count);

    [LoggerMessage(1007, LogLevel.Warning, "{Warning}", EventName = "ConfigurationWarning")]
    public static partial void ConfigurationWarning(ILogger log, string warning);

    [LoggerMessage(1008, LogLevel.Warning, "the machine's clock jumped by {Seconds} s; the time of decisions goes on with it, but never back", EventName = "ClockJumped")]
    public static partial void ClockJumped(ILogger log, double seconds);

    [LoggerMessage(1009, LogLevel.Information, "another process serves {Journal}; this one listens on {Urls}, stands by and takes over when that one ends", EventName = "StandingBy")]
    public static partial void StandingBy(ILogger log, string journal, string urls);

    [LoggerMessage(1010, LogLevel.Information, "took over {Journal}", EventName = "TookOver")]
    public static partial void TookOver(ILogger log, string journal);

    [LoggerMessage(1011, LogLevel.Warning, "that this was an orderly stop could not be written down; the next start looks twice: {Why}", EventName = "StopNotWritten")]
    public static partial void StopNotWritten(ILogger log, string why);

    [LoggerMessage(1101, LogLevel.Error, "a flush of {Commits} commits and {Requests} requests is not durable ({Status}): {Why}", EventName = "FlushFailed")]
    public static partial void FlushFailed(ILogger log, int commits, int requests, string status, string why);

    [LoggerMessage(1102, LogLevel.Information, "flushes succeed again", EventName = "FlushRecovered")]
    public static partial void FlushRecovered(ILogger log);

    [LoggerMessage(1103, LogLevel.Warning, "a flush took {Seconds} s; senders wait for it", EventName = "FlushSlow")]
    public static partial void FlushSlow(ILogger log, double seconds);

    [LoggerMessage(1104, LogLevel.Warning, "old rows could not be forgotten; tried again in a minute: {Why}", EventName = "HousekeepingFailed")]
    public static partial void HousekeepingFailed(ILogger log, string why);

    [LoggerMessage(1105, LogLevel.Warning, "what was refused could not be written down; tried again: {Why}", EventName = "RefusedNotWritten")]
    public static partial void RefusedNotWritten(ILogger log, string why);

    [LoggerMessage(1106, LogLevel.Error, "lists are stale, because the views cannot be written: {Why}", EventName = "ViewsBroken")]
    public static partial void ViewsBroken(ILogger log, string why);

    [LoggerMessage(1107, LogLevel.Warning, "another process has taken over {Count} shards: {Shards}", EventName = "ShardsLost")]
    public static partial void ShardsLost(ILogger log, int count, string shards);

    [LoggerMessage(4001, LogLevel.Debug, "{Alerts} alerts accepted, {Repeats} of them repeats", EventName = "AlertsAccepted")]
    public static partial void AlertsAccepted(ILogger log, int alerts, int repeats, string identity, string integration, string receipt);

    [LoggerMessage(4002, LogLevel.Warning, "{Count} refused: {Reason}", EventName = "Refused")]
    public static partial void Refused(ILogger log, long count, string reason, string? identity, string? integration);

    [LoggerMessage(4003, LogLevel.Error, "{Count} turned away with 503, because the server could not store them", EventName = "Overloaded")]
    public static partial void Overloaded(ILogger log, long count, string? identity, string? integration);
}
