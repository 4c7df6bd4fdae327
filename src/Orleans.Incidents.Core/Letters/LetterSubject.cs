using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;

namespace Incidents.Letters;

/// <summary>Which incident a message is about.</summary>
public static class LetterSubject
{
    /// <summary>The incident's id; <see langword="null"/>: the message names none. It need not exist: a letter may hold its opening.</summary>
    public static string? Incident(StreamId to, ICommand? command) => command switch
    {
        _ when to.Kind == ActorKind.Incident => to.Key,
        AdmitProblem c => c.Incident,
        EndStorm c => c.Incident,
        PageResponder c => c.Incident,
        DeliverPage c => OfPage(c.Content.Id),
        CatchUp c => c.Incident,
        StartAnew c => c.Closed,
        RejoinIncident c => c.Incident,
        EndGroup c => c.Incident,
        _ => to.Kind == ActorKind.Page ? OfPage(to.Key) : null,
    };

    /// <summary>The incident that a page's id begins with; <see langword="null"/> for a test.</summary>
    public static string? OfPage(string page) => TestRules.IsTest(page) ? null : page[..Math.Max(0, page.IndexOf('-', StringComparison.Ordinal))];
}
