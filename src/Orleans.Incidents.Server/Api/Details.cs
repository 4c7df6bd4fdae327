using Incidents.Audit;

namespace Incidents.Server.Api;

/// <summary>What to tell a person whose action was refused.</summary>
internal static class Details
{
    public static string Of(Reason reason) => reason switch
    {
        Reason.IncidentEnded => "the incident is resolved or closed already",
        Reason.IncidentAlreadyOpen => "the incident is open already",
        Reason.ResolveFirst => "only a resolved incident can be closed; resolve it first",
        Reason.ClosedStaysClosed => "a closed incident does not open again; a new alert opens a new one",
        Reason.ClosingNeedsAHuman => "only a human may close an incident",
        Reason.ChangedMeanwhile => "the incident has changed since it was looked at; look again before you act",
        Reason.Unstorable => "the command could not be stored",
        _ => reason.ToString(),
    };
}
