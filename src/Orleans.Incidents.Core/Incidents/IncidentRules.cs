using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Escalation;
using Incidents.Grouping;
using Incidents.Services;

namespace Incidents.Incidents;

/// <summary>
/// The life of an incident. Escalation has its own file, <see cref="EscalationRules"/>; who has taken it on,
/// <see cref="Acknowledgements"/>; what people do, <see cref="IncidentActions"/>.
/// </summary>
public static class IncidentRules
{
    /// <summary>Decides on a command. Pure.</summary>
    public static Decision Decide(StreamId self, IncidentState state, ICommand command, TurnInput input) => command switch
    {
        OpenIncident c => state.Status == IncidentStatus.None ? Open(self, c, input) : Decision.Nothing(Reason.IncidentAlreadyOpen),
        JoinIncident c when state.Status == IncidentStatus.None => AskAgain(self, Reason.NoSuchIncident, c),
        _ when state.Status == IncidentStatus.None => Decision.Nothing(Reason.NoSuchIncident),
        JoinIncident c => Join(self, state, c, input),
        UpdateFromSource c => Update(self, state, c, input),
        EndProblem c => EndProblem(self, state, c, input),
        ReportFlapping c => Flapped(state, c),
        AcknowledgeBySource => Acknowledgements.TakeAtSource(self, state, input),
        ReopenBySource c => ReopenBySource(self, state, c, input),
        EscalateIncident c => EscalationRules.TimeOut(self, state, c, input),
        ExpireAcknowledgement c => Acknowledgements.Expire(self, state, c, input),
        ReportUnreached c => EscalationRules.Unreached(self, state, c, input),
        ReportPage c => EscalationRules.Reported(self, state, c, input),
        _ => IncidentActions.Decide(self, state, command, input),
    };

    /// <summary>Whether work goes on.</summary>
    public static bool IsOpen(IncidentState state) => state.Status is IncidentStatus.Triage or IncidentStatus.Active;

    private static Decision Open(StreamId self, OpenIncident c, TurnInput input)
    {
        var pages = c.Severity <= c.PageFrom;
        var opened = new IncidentOpened(
            c.Kind, pages ? IncidentStatus.Active : IncidentStatus.Triage, c.Service, c.Title, c.Severity, c.PageFrom, c.Labels, c.Group, c.Episode, c.Steps, c.Repeat, input.Now, c.Lease, c.Why);
        var here = new Message(c.Group, new CatchUp(self.Key, c.Episode, c.Severity));
        return pages
            ? EscalationRules.Begin(self, IncidentState.Evolve(IncidentState.Initial, opened), input, Reason.OpenedPaging, [opened], [here])
            : Decision.Of(Reason.OpenedInTriage, opened, here);
    }

    private static Decision Join(StreamId self, IncidentState state, JoinIncident c, TurnInput input)
    {
        // The storm ended while the problem was on its way: it asks its service again.
        if (!IsOpen(state))
            return AskAgain(self, Reason.IncidentEnded, c);
        if (IsLate(state, c.Group, c.Episode))
            return Decision.Nothing(Reason.GroupTimerLate);
        var urgency = c.Severity ?? Severity.Error;
        var joined = new Message(c.Group, new JoinStorm(c.Proposed, self.Key, c.Episode, SeverityWords.MoreUrgent(urgency, state.Severity), c.Why));
        return StormGrowth.Watch(self, state, Raise(self, state, urgency, input, c.Why, new ProblemJoined(c.Group, c.Episode, c.Title), [joined]), urgency, input);
    }

    // A storm that its service believes in and that never opened, or whose end was kept aside, must not swallow problems nor send them
    // to and fro for ever: the service hears once more that there is none.
    private static Decision AskAgain(StreamId self, Reason reason, JoinIncident c)
    {
        var service = StreamId.Service(c.Service);
        return new(reason, [], [new(service, new EndStorm(self.Key)), new(service, new AdmitProblem(c.Group, c.Episode, c.Proposed, c.Title, c.Severity, c.Labels))]);
    }

    private static Decision Update(StreamId self, IncidentState state, UpdateFromSource c, TurnInput input) =>
        !IsOpen(state)
            ? Decision.Nothing(Reason.IncidentEnded)
            : Raise(self, state, c.Severity ?? state.Severity, input, Reason.IncidentGrew, new IncidentGrew(c.Group, c.Alerts, c.Title), []);

    private static Decision Raise(
        StreamId self, IncidentState state, Severity to, TurnInput input, Reason reason, IEvent happened, ImmutableArray<Message> messages)
    {
        if (to >= state.Severity)
            return new(reason, [happened], messages);
        ImmutableArray<IEvent> events = [happened, new SeverityChanged(state.Severity, to, Reason.RaisedBySource)];

        // Whoever has taken it on is not paged again; an escalation under way goes on and says the new severity.
        var begins = to <= state.PageFrom && state is { AcknowledgedBy: null, Escalation: not { Running: true } };
        return begins
            ? EscalationRules.Begin(self, events.Aggregate(state, IncidentState.Evolve), input, Reason.RaisedBySource, events, messages)
            : new(Reason.RaisedBySource, events, messages);
    }

    private static Decision EndProblem(StreamId self, IncidentState state, EndProblem c, TurnInput input)
    {
        if (!IsOpen(state))
            return Decision.Nothing(Reason.IncidentEnded);
        if (!state.Groups.ContainsKey(c.Group) || IsLate(state, c.Group, c.Episode))
            return Decision.Nothing(Reason.GroupAlreadyQuiet);
        var ended = new ProblemEnded(c.Group, c.Why);
        return state.Groups.Count > 1
            ? Decision.Of(c.Why, ended)
            : new(Reason.AllAlertsEnded, [ended, new IncidentResolved(input.By.Id, Reason.AllAlertsEnded, input.Now)],
                IncidentActions.TellAfterEnd(self, state, except: c.Group));
    }

    // What the group says twice, because it cannot know what its incident heard before it was there, is written down once.
    private static Decision Flapped(IncidentState state, ReportFlapping c) => state switch
    {
        _ when !IsOpen(state) => Decision.Nothing(Reason.IncidentEnded),
        _ when !state.Groups.ContainsKey(c.Group) || IsLate(state, c.Group, c.Episode) => Decision.Nothing(Reason.GroupAlreadyQuiet),
        _ when !c.IsOver && state.Flapping.TryGetValue(c.Group, out var known) && known.Times >= c.Times => Decision.Nothing(Reason.GroupFlaps),
        _ => Decision.Of(c.IsOver ? Reason.GroupNoLongerFlaps : Reason.GroupFlaps, new IncidentFlapped(c.Group, c.Times, c.Since, c.Until, c.IsOver)),
    };

    private static Decision ReopenBySource(StreamId self, IncidentState state, ReopenBySource c, TurnInput input)
    {
        if (IsLate(state, c.Group, c.Episode))
            return Decision.Nothing(Reason.GroupTimerLate);
        var joined = new ProblemJoined(c.Group, c.Episode, c.Title);
        var here = new Message(c.Group, new CatchUp(self.Key, c.Episode, SeverityWords.MoreUrgent(c.Severity, state.Severity)));
        return state.Status switch
        {
            IncidentStatus.Resolved => Reopen(self, state, c, [joined], [here], input),
            IncidentStatus.Closed => new(Reason.ClosedStaysClosed, [], [new(c.Group, new StartAnew(self.Key))]),
            _ => Raise(self, state, c.Severity, input, Reason.JoinedGroup, joined, [here]),
        };
    }

    // As when it first opened, it pages only when it is page-worthy; a less urgent alert than before lowers nothing.
    private static Decision Reopen(
        StreamId self, IncidentState state, ReopenBySource c, ImmutableArray<IEvent> joined, ImmutableArray<Message> messages, TurnInput input)
    {
        var pages = SeverityWords.MoreUrgent(c.Severity, state.Severity) <= state.PageFrom;
        ImmutableArray<IEvent> events =
            [new IncidentReopened(input.By.Id, Reason.ReopenedWithinWindow, pages ? IncidentStatus.Active : IncidentStatus.Triage, []), .. joined];
        if (c.Severity < state.Severity)
            events = events.Add(new SeverityChanged(state.Severity, c.Severity, Reason.RaisedBySource));
        return pages
            ? EscalationRules.Begin(self, events.Aggregate(state, IncidentState.Evolve), input, Reason.ReopenedWithinWindow, events, messages)
            : new(Reason.ReopenedWithinWindow, events, messages);
    }

    private static bool IsLate(IncidentState state, StreamId group, long episode) => state.Held.TryGetValue(group, out var known) && known > episode;
}
