using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Escalation;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Services;

namespace Incidents.Incidents;

/// <summary>The life of an incident. Escalation has its own file, <see cref="EscalationRules"/>; what people do, <see cref="IncidentActions"/>.</summary>
public static class IncidentRules
{
    /// <summary>Decides on a command. Pure.</summary>
    public static Decision Decide(StreamId self, IncidentState state, ICommand command, TurnInput input) => command switch
    {
        OpenIncident c => state.Status == IncidentStatus.None ? Open(self, c, input) : Decision.Nothing(Reason.IncidentAlreadyOpen),
        JoinIncident c => Join(self, state, c, input),
        _ when state.Status == IncidentStatus.None => Decision.Nothing(Reason.NoSuchIncident),
        UpdateFromSource c => Update(self, state, c, input),
        EndProblem c => EndProblem(self, state, c, input),
        AcknowledgeBySource => IsOpen(state) && state.AcknowledgedBy is null
            ? Decision.Of(Reason.AcknowledgedBySource, new IncidentAcknowledged(input.By.Id, Reason.AcknowledgedBySource))
            : Decision.Nothing(Reason.AlreadyAcknowledged),
        ReopenBySource c => ReopenBySource(self, state, c, input),
        EscalateIncident c => EscalationRules.TimeOut(self, state, c, input),
        ReportUnreached c => EscalationRules.Unreached(self, state, c, input),
        ReportPage c => Decision.Of(
            c.Verdict == DeliveryVerdict.Delivered ? Reason.PageDelivered : Reason.PageGivenUp,
            new PageReported(c.Page, c.Responder, c.Channel, c.Verdict, c.Why, c.Detail)),
        _ => IncidentActions.Decide(self, state, command, input),
    };

    /// <summary>Whether work goes on.</summary>
    public static bool IsOpen(IncidentState state) => state.Status is IncidentStatus.Triage or IncidentStatus.Active;

    /// <summary>Opens a resolved incident again: it pages anew from the first step, where its severity pages anybody.</summary>
    public static Decision Reopen(StreamId self, IncidentState state, Severity to, ImmutableArray<GroupProblem> groups, TurnInput input, Reason why)
    {
        var pages = to <= state.PageFrom;
        ImmutableArray<IEvent> events = [new IncidentReopened(input.By.Id, why, groups, pages ? IncidentStatus.Active : IncidentStatus.Triage)];
        if (to < state.Severity)
            events = events.Add(new SeverityChanged(state.Severity, to, Reason.RaisedBySource));
        return pages ? EscalationRules.Begin(self, state with { Severity = to }, input, why, events, []) : new(why, events, []);
    }

    private static Decision Open(StreamId self, OpenIncident c, TurnInput input)
    {
        var pages = c.Severity <= c.PageFrom;
        var opened = new IncidentOpened(
            c.Kind, pages ? IncidentStatus.Active : IncidentStatus.Triage, c.Service, c.Title, c.Severity, c.PageFrom, c.Labels, c.Group, c.Steps, c.Repeat, input.Now);
        var state = IncidentState.Evolve(IncidentState.Initial, opened);
        var placed = new Message(c.Group, new PlaceProblem(self.Key, self.Key, self.Key, c.Severity));
        return pages
            ? EscalationRules.Begin(self, state, input, Reason.OpenedPaging, [opened], [placed])
            : Decision.Of(Reason.OpenedInTriage, opened, placed);
    }

    private static Decision Join(StreamId self, IncidentState state, JoinIncident c, TurnInput input)
    {
        // The storm ended while the problem was on its way, or what should have opened it is kept aside: the service is asked again.
        if (!IsOpen(state))
        {
            return new(Reason.IncidentEnded, [],
                [new(c.Service, new EndStorm(self.Key)), new(c.Service, new AdmitProblem(c.Group, c.Asked, c.Title, c.Severity, c.Labels))]);
        }

        var joined = Raise(self, state, c.Severity ?? Severity.Error, input, Reason.JoinedStorm, new ProblemJoined(c.Group, Of(self, c.Asked), c.Title));
        var severity = c.Severity is { } s && s < state.Severity ? s : state.Severity;
        return joined with { Messages = joined.Messages.Insert(0, new(c.Group, new PlaceProblem(c.Asked, self.Key, c.Asked, severity))) };
    }

    private static Decision Update(StreamId self, IncidentState state, UpdateFromSource c, TurnInput input) =>
        !IsOpen(state)
            ? Decision.Nothing(Reason.IncidentEnded)
            : Raise(self, state, c.Severity ?? state.Severity, input, Reason.IncidentGrew, new IncidentGrew(c.Group, c.Alerts, c.Title));

    private static Decision Raise(StreamId self, IncidentState state, Severity to, TurnInput input, Reason reason, IEvent happened)
    {
        if (to >= state.Severity)
            return Decision.Of(reason, happened);
        var raised = new SeverityChanged(state.Severity, to, Reason.RaisedBySource);
        var begins = state.Status == IncidentStatus.Triage && to <= state.PageFrom;
        return begins
            ? EscalationRules.Begin(self, state with { Severity = to }, input, Reason.RaisedBySource, [happened, raised], [])
            : new(Reason.RaisedBySource, [happened, raised], []);
    }

    private static Decision EndProblem(StreamId self, IncidentState state, EndProblem c, TurnInput input)
    {
        var problem = new GroupProblem(c.Group, Of(self, c.Asked));
        if (!state.Groups.Contains(problem))
            return Decision.Nothing(Reason.IncidentEnded);
        var ended = new ProblemEnded(c.Group, problem.Asked, c.Why);
        return state.Groups.Count > 1
            ? Decision.Of(c.Why, ended)
            : new(Reason.AllAlertsEnded, [ended, new IncidentResolved(input.By.Id, Reason.AllAlertsEnded, input.Now)],
                IncidentActions.TellAfterEnd(self, state, except: c.Group));
    }

    private static Decision ReopenBySource(StreamId self, IncidentState state, ReopenBySource c, TurnInput input) => state.Status switch
    {
        IncidentStatus.Resolved => Reopen(
            self, state, SeverityWords.MoreUrgent(c.Severity, state.Severity)!.Value, [new(c.Group, Of(self, c.Asked))], input, Reason.ReopenedWithinWindow),

        // Closed means closed: the group gets an incident of its own, which it hears of as it hears of a storm.
        IncidentStatus.Closed => new(Reason.ClosedStaysClosed, [], ReplaceClosed(self, state, c, input)),
        _ => Raise(self, state, c.Severity ?? state.Severity, input, Reason.JoinedGroup, new ProblemJoined(c.Group, Of(self, c.Asked), c.Title)),
    };

    private static string Of(StreamId self, string asked) => asked == self.Key ? "" : asked;

    private static ImmutableArray<Message> ReplaceClosed(StreamId self, IncidentState state, ReopenBySource c, TurnInput input)
    {
        var fresh = input.Id.IncidentId(input.Now);
        return [
            new(c.Group, new PlaceProblem(self.Key, fresh, fresh, Severity.Critical)),
            new(StreamId.Service(state.Service), new AdmitProblem(c.Group, fresh, c.Title, c.Severity, state.Labels)),
        ];
    }
}
