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
public sealed record ResponderState(ResponderDefinition? Definition)
{
    /// <summary>Before anything happened.</summary>
    public static ResponderState Initial { get; } = new((ResponderDefinition?)null);

    /// <summary>What was spent of the budget for tests; <see langword="null"/>: nothing.</summary>
    public GcraState? Tests { get; init; }

    /// <summary>The fold: one line an event.</summary>
    public static ResponderState Evolve(ResponderState state, IEvent happened) => happened switch
    {
        ResponderConfigured e => state with { Definition = e.Definition },
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
        _ => TestRules.Decide(state, command, input),
    };

    private static Decision NotReached(StreamId self, PageResponder c, Reason why) =>
        new(why, [], [new(StreamId.Incident(c.Incident), new ReportUnreached(c.Step, c.Round, self.Key, why))]);

    private static Decision Page(ResponderDefinition who, PageResponder c, TurnInput input)
    {
        var pages = who.Contacts.Select((contact, i) => new PageContent(
            PageContent.IdOf(c.Incident, c.Step, c.Round, who.Id, i), c.Incident, c.Service, c.Title, c.Severity, c.Step, c.Round, who.Id, contact, who.Contacts.Length, input.Now)).ToList();
        return new(Reason.Paged, [new ResponderPaged(c.Incident, c.Step, c.Round, [.. pages.Select(p => p.Id)])],
            [.. pages.Select(p => new Message(StreamId.Page(p.Id), new DeliverPage(p)))]);
    }
}
