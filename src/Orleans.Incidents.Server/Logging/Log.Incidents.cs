namespace Incidents.Server.Logging;

/// <summary>Lines about incidents and pages. Written behind the flush that makes them true; limited where a sender could flood.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "{Kind} {Incident} of {Service} opened, {Severity}, {Status}", EventName = "IncidentOpened")]
    public static partial void IncidentOpened(
        ILogger log, string kind, string incident, string service, string severity, string status, string identity, string? integration, string? receipt, string? traceId);

    [LoggerMessage(2002, LogLevel.Information, "{Incident} acknowledged: {Reason}", EventName = "IncidentAcknowledged")]
    public static partial void IncidentAcknowledged(ILogger log, string incident, string reason, string identity, string? integration, string? receipt, string? traceId);

    [LoggerMessage(2003, LogLevel.Information, "{Incident} resolved: {Reason}", EventName = "IncidentResolved")]
    public static partial void IncidentResolved(ILogger log, string incident, string reason, string identity, string? integration, string? receipt, string? traceId);

    [LoggerMessage(2004, LogLevel.Information, "{Incident} re-opened: {Reason}", EventName = "IncidentReopened")]
    public static partial void IncidentReopened(ILogger log, string incident, string reason, string identity, string? integration, string? receipt, string? traceId);

    [LoggerMessage(2005, LogLevel.Information, "{Incident} closed", EventName = "IncidentClosed")]
    public static partial void IncidentClosed(ILogger log, string incident, string identity, string? traceId);

    [LoggerMessage(2006, LogLevel.Information, "{Incident} pages step {Step} of round {Round}: {Reason}", EventName = "StepPaged")]
    public static partial void StepPaged(
        ILogger log, string incident, int step, int round, string reason, string identity, string? integration, string? receipt, string? traceId);

    [LoggerMessage(2007, LogLevel.Warning, "{Incident} cannot page {Responder}: {Reason}", EventName = "TargetNotReached")]
    public static partial void TargetNotReached(ILogger log, string incident, string responder, string reason, string? integration, string? receipt, string? traceId);

    [LoggerMessage(2008, LogLevel.Error, "{Incident} paged everybody and nobody has taken it: {Reason}", EventName = "EscalationExhausted")]
    public static partial void EscalationExhausted(ILogger log, string incident, string reason, string? integration, string? receipt, string? traceId);

    [LoggerMessage(2009, LogLevel.Warning, "{Identity} is past its opening budget for {Service}: its problems join {Incident}", EventName = "StormStarted")]
    public static partial void StormStarted(ILogger log, string identity, string service, string incident, string? integration, string? receipt, string? traceId);

    [LoggerMessage(2010, LogLevel.Information, "the storm of {Service} in {Incident} is over", EventName = "StormEnded")]
    public static partial void StormEnded(ILogger log, string service, string incident, string? traceId);

    [LoggerMessage(2101, LogLevel.Error, "a message {Type} for {Target} was kept aside: it could not be decided on or stored", EventName = "DeadLettered")]
    public static partial void DeadLettered(ILogger log, string type, string target, string letter, string? incident, string? integration, string? receipt, string? traceId);

    [LoggerMessage(3001, LogLevel.Information, "{Page} delivered by {Channel}", EventName = "PageDelivered")]
    public static partial void PageDelivered(
        ILogger log, string page, string channel, string incident, string responder, string? integration, string? receipt, string? traceId);

    [LoggerMessage(3002, LogLevel.Warning, "attempt {Attempt} to deliver {Page} by {Channel} ended after {Seconds} s: {Reason}", EventName = "PageAttemptFailed")]
    public static partial void PageAttemptFailed(
        ILogger log, int attempt, string page, string channel, double seconds, string reason, string incident, string? integration, string? receipt, string? traceId);

    [LoggerMessage(3003, LogLevel.Error, "{Page} was given up: {Channel} says {Reason}", EventName = "PageGivenUp")]
    public static partial void PageGivenUp(
        ILogger log, string page, string channel, string reason, string incident, string responder, string? integration, string? receipt, string? traceId);
}
