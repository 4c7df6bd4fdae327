using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Throttling;

namespace Incidents.Responders;

/// <summary>A person who can be paged.</summary>
/// <param name="Definition">Who it is; <see langword="null"/>: not in the catalogue.</param>
/// <param name="MostContacts">The most contacts that the person ever had: no page has a higher one.</param>
public sealed record ResponderState(ResponderDefinition? Definition, int MostContacts)
{
    /// <summary>Before anything happened.</summary>
    public static ResponderState Initial { get; } = new(null, 0);

    /// <summary>What was spent of the budget for tests; <see langword="null"/>: nothing.</summary>
    public GcraState? Tests { get; init; }

    /// <summary>The fold: one line an event.</summary>
    public static ResponderState Evolve(ResponderState state, IEvent happened) => happened switch
    {
        ResponderConfigured e => state with { Definition = e.Definition, MostContacts = Math.Max(state.MostContacts, e.Definition.Contacts.Length) },
        ResponderPaged => state,
        ResponderTested e => state with { Tests = e.Spent },
        TestEnded => state,
        _ => throw new UnknownEventException(happened),
    };
}

/// <summary>Set who it is and how to reach them.</summary>
public sealed record ConfigureResponder(ResponderDefinition Definition) : ICommand;

/// <summary>Page this person; sent by an incident's escalation.</summary>
public sealed record PageResponder(string Incident, string Service, string Title, Severity Severity, int Step, int Round) : ICommand;

/// <summary>Somebody has taken the incident on, or it ended: nobody need be paged for it any more; sent by the incident.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Steps">The steps that paged this person.</param>
public sealed record WithdrawPages(string Incident, ImmutableArray<PagedStep> Steps) : ICommand;

/// <summary>One step of one round of an incident's escalation, both from 0.</summary>
public readonly record struct PagedStep(int Step, int Round);

/// <summary>Who it is and how to reach them was set.</summary>
public sealed record ResponderConfigured(ResponderDefinition Definition) : IEvent;

/// <summary>Pages were made, one a contact.</summary>
public sealed record ResponderPaged(string Incident, int Step, int Round, ImmutableArray<string> Pages) : IEvent;

/// <summary>How a person is paged.</summary>
public static class ResponderRules
{
    /// <summary>Decides on a command. Pure.</summary>
    public static Decision Decide(ResponderState state, StreamId self, ICommand command, TurnInput input) => command switch
    {
        ConfigureResponder c => Decision.Of(Reason.Configured, new ResponderConfigured(c.Definition)),
        PageResponder c => state.Definition is { Contacts.IsEmpty: false } who
            ? Page(who, c, input)
            : NotReached(self, c, state.Definition is null ? Reason.UnknownResponder : Reason.NoContact),
        WithdrawPages c => new(Reason.PagesWithdrawn, [], [.. c.Steps.SelectMany(step => Withdraw(state, self, c.Incident, step))]),
        _ => TestRules.Decide(state, command, input),
    };

    private static Decision NotReached(StreamId self, PageResponder c, Reason why) =>
        new(why, [], [new(StreamId.Incident(c.Incident), new ReportUnreached(c.Step, c.Round, self.Key, why))]);

    // Of contacts that were taken away since, only what is under way can be meant: their page may just as well never have been made.
    private static IEnumerable<Message> Withdraw(ResponderState state, StreamId self, string incident, PagedStep step) => Enumerable.Range(0, state.MostContacts).Select(contact =>
        new Message(StreamId.Page(PageContent.IdOf(incident, step.Step, step.Round, self.Key, contact)), new WithdrawPage(OnlyStarted: contact >= (state.Definition?.Contacts.Length ?? 0))));

    private static Decision Page(ResponderDefinition who, PageResponder c, TurnInput input)
    {
        var pages = who.Contacts.Select((contact, i) => new PageContent(
            PageContent.IdOf(c.Incident, c.Step, c.Round, who.Id, i), c.Incident, c.Service, c.Title, c.Severity, c.Step, c.Round, who.Id, contact, who.Contacts.Length, input.Now)).ToList();
        return new(Reason.Paged, [new ResponderPaged(c.Incident, c.Step, c.Round, [.. pages.Select(p => p.Id)])],
            [.. pages.Select(p => new Message(StreamId.Page(p.Id), new DeliverPage(p)))]);
    }
}
