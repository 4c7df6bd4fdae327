using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Responders;
using Incidents.Services;

namespace Incidents.Engine.Tracing;

/// <summary>Which incident a commit is about, for log lines and spans.</summary>
public static class Subject
{
    /// <summary>The incident's id; <see langword="null"/>: none, or the commit does not say.</summary>
    public static string? Incident(Commit commit) => commit.Slot.Stream.Kind switch
    {
        ActorKind.Incident => commit.Slot.Stream.Key,
        ActorKind.Page => OfPage(commit.Slot.Stream.Key),
        _ => Told(commit) ?? commit.Happened.Select(Named).FirstOrDefault(i => i is not null),
    };

    /// <summary>The incident of a page's id, which begins with it.</summary>
    public static string OfPage(string page) => page.IndexOf('-', StringComparison.Ordinal) is var dash and > 0 ? page[..dash] : page;

    private static string? Told(Commit commit)
    {
        foreach (var message in commit.Made)
        {
            if (message.To.Kind == ActorKind.Incident)
                return message.To.Key;
        }

        return null;
    }

    private static string? Named(IEvent happened) => happened switch
    {
        GroupOpened e => e.Incident,
        GroupReopened e => e.Incident,
        AlertFired e => e.Incident,
        ResponderPaged e => e.Incident,
        ProblemAdmitted e => e.Incident,
        CriticalAdmitted e => e.Incident,
        ProblemJoinedStorm e => e.Incident,
        StormStarted e => e.Incident,
        StormEnded e => e.Incident,
        _ => null,
    };
}
