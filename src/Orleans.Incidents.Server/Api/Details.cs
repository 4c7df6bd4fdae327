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
        Reason.NodesOfAnOlderVersion => "a node still runs an older version, which would not read what this writes; nothing was done, try again when it has left",
        Reason.LetterSettled => "somebody has decided on this letter already",
        Reason.LetterEmpty => "what the message held could not be stored, so there is nothing to put back; it can only be discarded",
        Reason.PageNotGivenUp => "only a page that was given up is retried or discarded, and this one is not, or no longer",
        Reason.PageNeverTried => "the page was given up before its first attempt, so there is nothing to try again; it can only be discarded",
        Reason.TestOverBudget => "this person was sent as many tests as the budget allows; wait",
        Reason.NoSuchResponder => "there is no such responder",
        Reason.NoSuchContact => "the responder has no such contact; they are counted from 0",
        _ => reason.ToString(),
    };
}
