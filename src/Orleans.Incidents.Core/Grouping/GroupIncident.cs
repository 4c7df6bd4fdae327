using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Services;

namespace Incidents.Grouping;

/// <summary>
/// What the group hears of its incident. A group asks for an incident through its service, and what it tells the incident
/// before that is opened is not heard; so the incident reports when it is there, and the group tells it what it missed.
/// </summary>
internal static class GroupIncident
{
    /// <summary>Decides on what an incident sent. Pure.</summary>
    public static Decision Decide(StreamId self, GroupState state, ICommand command, TurnInput input) => command switch
    {
        CatchUp c => CatchUp(self, state, c),
        JoinStorm c => Join(self, state, c),
        StartAnew c => state.Open && state.Incident == c.Closed
            ? StartAnew(self, state, input.Id.IncidentId(input.Now))
            : Decision.Nothing(Reason.GroupAlreadyQuiet),
        RejoinIncident c => !state.Open && state.Incident == c.Incident ? Rejoin(self, state, input) : Decision.Nothing(Reason.GroupTimerLate),
        EndGroup c => state.Open && state.Incident == c.Incident
            ? Decision.Of(Reason.IncidentEnded, new GroupEnded(input.Now))
            : Decision.Nothing(Reason.GroupAlreadyQuiet),
        _ => throw new UnknownCommandException(command),
    };

    /// <summary>Asks the service for the group's incident, for its most urgent alert.</summary>
    public static Message Ask(StreamId self, GroupState state, string incident)
    {
        var worst = state.Worst!;
        return new(StreamId.Service(state.Service), new AdmitProblem(self, incident, worst.Title, worst.Severity, state.Labels));
    }

    private static Decision CatchUp(StreamId self, GroupState state, CatchUp c) => state.Open && state.Incident == c.Incident
        ? new(Reason.CaughtUp, [], News(self, state, c.Incident, c.Severity))
        : Ended(self, c.Incident);

    private static Decision Join(StreamId self, GroupState state, JoinStorm c)
    {
        if (state.Incident == c.Proposed)
        {
            return new(Reason.JoinedStorm, [new GroupMoved(c.Incident, Reason.JoinedStorm)],
                state.Open ? News(self, state, c.Incident, c.Severity) : Ended(self, c.Incident).Messages);
        }

        // It ended and fires again, and has asked anew: the answer to that settles where it belongs.
        return state.Open ? Decision.Nothing(Reason.GroupTimerLate) : Ended(self, c.Incident);
    }

    private static Decision StartAnew(StreamId self, GroupState state, string fresh) =>
        Decision.Of(Reason.ClosedStaysClosed, new GroupMoved(fresh, Reason.ClosedStaysClosed), Ask(self, state, fresh));

    private static Decision Rejoin(StreamId self, GroupState state, TurnInput input)
    {
        var (silent, next) = GroupExpiry.Watch(state, input.Now);
        return new(Reason.Reopened, [new GroupRejoined(silent, next)], GroupExpiry.Timer(self, next));
    }

    private static Decision Ended(StreamId self, string incident) =>
        new(Reason.EndedMeanwhile, [], [new(StreamId.Incident(incident), new EndProblem(self, Reason.EndedMeanwhile))]);

    private static ImmutableArray<Message> News(StreamId self, GroupState state, string incident, Severity heard)
    {
        var news = ImmutableArray.CreateBuilder<Message>();
        var raised = state.Worst is { } worst && worst.Urgency < heard ? worst : null;
        if (raised is not null || state.Members.Count > 1)
            news.Add(new(StreamId.Incident(incident), new UpdateFromSource(self, state.Members.Count, raised?.Urgency, (raised ?? state.Members[^1]).Title)));
        if (state.Acknowledged)
            news.Add(new(StreamId.Incident(incident), new AcknowledgeBySource()));
        return news.ToImmutable();
    }
}
