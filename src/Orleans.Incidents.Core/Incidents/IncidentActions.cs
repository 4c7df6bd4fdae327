using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Escalation;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Services;

namespace Incidents.Incidents;

/// <summary>What people and agents may do to an incident.</summary>
public static class IncidentActions
{
    /// <summary>Decides on a command that somebody gave. Pure.</summary>
    public static Decision Decide(StreamId self, IncidentState state, ICommand command, TurnInput input) => command is AcknowledgeIncident
        ? Acknowledgements.Take(self, state, input)
        : Acknowledgements.Renew(self, state, Act(self, state, command, input), input);

    private static Decision Act(StreamId self, IncidentState state, ICommand command, TurnInput input) => command switch
    {
        ChangeSeverity c => Change(self, state, c, input),
        AddNote c => Decision.Of(Reason.Noted, new NoteAdded(input.By.Id, c.Text)),
        ResolveIncident => IncidentRules.IsOpen(state)
            ? new(Reason.Resolved, [new IncidentResolved(input.By.Id, Reason.Resolved, input.Now)], TellAfterEnd(self, state, except: null))
            : Decision.Nothing(Reason.IncidentEnded),
        ReopenIncident => state.Status switch
        {
            IncidentStatus.Resolved => Reopen(self, state, input),
            IncidentStatus.Closed => Decision.Nothing(Reason.ClosedStaysClosed),
            _ => Decision.Nothing(Reason.IncidentAlreadyOpen),
        },
        CloseIncident => state.Status switch
        {
            IncidentStatus.Closed => Decision.Nothing(Reason.IncidentEnded),
            not IncidentStatus.Resolved => Decision.Nothing(Reason.ResolveFirst),
            _ when input.By.Kind != IdentityKind.Human => Decision.Nothing(Reason.ClosingNeedsAHuman),
            _ => Decision.Of(Reason.Closed, new IncidentClosed(input.By.Id)),
        },
        _ => throw new UnknownCommandException(command),
    };

    /// <summary>Who has to hear that the incident ended: whoever is still being paged, groups that still fire, and its service when it was a storm.</summary>
    public static ImmutableArray<Message> TellAfterEnd(StreamId self, IncidentState state, StreamId? except)
    {
        var messages = ImmutableArray.CreateBuilder<Message>();
        messages.AddRange(Withdrawal.Of(self, state));
        foreach (var (group, episode) in state.Groups.Where(g => g.Key != except).OrderBy(g => g.Key.Key, StringComparer.Ordinal))
            messages.Add(new(group, new EndGroup(self.Key, episode)));
        if (state.Kind == IncidentKind.Storm)
            messages.Add(new(StreamId.Service(state.Service), new EndStorm(self.Key)));
        return messages.ToImmutable();
    }

    // Its groups belong to it again, so that the alerts of one problem never have two open incidents.
    private static Decision Reopen(StreamId self, IncidentState state, TurnInput input)
    {
        ImmutableArray<StreamId> groups = [.. state.Held.Keys.OrderBy(g => g.Key, StringComparer.Ordinal)];
        var pages = state.Severity <= state.PageFrom;
        ImmutableArray<IEvent> events = [new IncidentReopened(input.By.Id, Reason.Reopened, pages ? IncidentStatus.Active : IncidentStatus.Triage, groups)];
        ImmutableArray<Message> messages = [.. groups.Select(g => new Message(g, new RejoinIncident(self.Key, state.Held[g] + 1, state.Severity)))];
        return pages
            ? EscalationRules.Begin(self, events.Aggregate(state, IncidentState.Evolve), input, Reason.Reopened, events, messages)
            : new(Reason.Reopened, events, messages);
    }

    private static Decision Change(StreamId self, IncidentState state, ChangeSeverity c, TurnInput input)
    {
        if (!IncidentRules.IsOpen(state))
            return Decision.Nothing(Reason.IncidentEnded);
        if (c.To == state.Severity)
            return Decision.Nothing(Reason.SeverityUnchanged);
        var changed = new SeverityChanged(state.Severity, c.To, Reason.SeverityChanged);
        return state.Status == IncidentStatus.Triage && c.To <= state.PageFrom
            ? EscalationRules.Begin(self, state with { Severity = c.To }, input, Reason.SeverityChanged, [changed], [])
            : Decision.Of(Reason.SeverityChanged, changed);
    }
}
