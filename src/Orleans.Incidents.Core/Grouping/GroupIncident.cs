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
            ? StartAnew(self, state, input)
            : Decision.Nothing(Reason.GroupAlreadyQuiet),
        RejoinIncident c => !state.Open && state.Incident == c.Incident && state.Episode < c.Episode ? Rejoin(self, state, c, input) : Decision.Nothing(Reason.GroupTimerLate),
        EndGroup c => state.Open && state.Incident == c.Incident && state.Episode == c.Episode
            ? Decision.Of(Reason.IncidentEnded, new GroupEnded(input.Now))
            : Decision.Nothing(Reason.GroupAlreadyQuiet),
        _ => throw new UnknownCommandException(command),
    };

    /// <summary>Asks the service for the group's incident, for its most urgent alert.</summary>
    public static Message Ask(StreamId self, GroupState state, string incident)
    {
        var worst = state.Worst!;
        return new(StreamId.Service(state.Service), new AdmitProblem(self, state.Episode, incident, worst.Title, worst.Severity, state.Labels));
    }

    private static Decision CatchUp(StreamId self, GroupState state, CatchUp c)
    {
        if (state.Incident != c.Incident)
            return Ended(self, c.Incident, Over(state));
        return state.Open
            ? new(Reason.CaughtUp, [], News(self, state, c.Incident, c.Episode, c.Severity))
            : Ended(self, c.Incident, state.Episode);
    }

    private static Decision Join(StreamId self, GroupState state, JoinStorm c)
    {
        // It ended and has asked anew meanwhile: the storm must not wait for the episode that it took in.
        if (state.Incident != c.Proposed)
            return Ended(self, c.Incident, Over(state));
        return new(c.Why, [new GroupMoved(c.Incident, c.Why)],
            state.Open ? News(self, state, c.Incident, c.Episode, c.Severity) : Ended(self, c.Incident, state.Episode).Messages);
    }

    private static Decision StartAnew(StreamId self, GroupState state, TurnInput input)
    {
        // Only flapping held it open: nothing fires that a new incident could be about.
        if (state.Firing == 0)
            return Decision.Of(Reason.ClosedStaysClosed, new GroupEnded(input.Now));
        var fresh = input.Id.IncidentId(input.Now, StreamId.Service(state.Service).Shard);
        return Decision.Of(Reason.ClosedStaysClosed, new GroupMoved(fresh, Reason.ClosedStaysClosed), Ask(self, state, fresh));
    }

    private static Decision Rejoin(StreamId self, GroupState state, RejoinIncident c, TurnInput input)
    {
        var (silent, next) = GroupExpiry.Watch(state, input.Now);
        var rejoined = new GroupRejoined(silent, next);
        var after = GroupState.Evolve(state, rejoined);

        // An alert that came while the incident was being ended was not heard.
        var news = after.Firing > 0 ? News(self, after, c.Incident, after.Episode, c.Severity) : [];
        return new(Reason.Reopened, [rejoined], [.. GroupExpiry.Timer(self, next), .. news]);
    }

    // Of a group that goes on elsewhere every episode but the present one is over.
    private static long Over(GroupState state) => state.Open ? state.Episode - 1 : state.Episode;

    private static Decision Ended(StreamId self, string incident, long episode) =>
        new(Reason.EndedMeanwhile, [], [new(StreamId.Incident(incident), new EndProblem(self, episode, Reason.EndedMeanwhile))]);

    private static ImmutableArray<Message> News(StreamId self, GroupState state, string incident, long episode, Severity severity)
    {
        var news = ImmutableArray.CreateBuilder<Message>();
        var to = StreamId.Incident(incident);
        var title = (state.Worst ?? state.Members[^1]).Title;

        // It ended and fired again before the incident was there, which still knows of the first time only.
        if (state.Episode != episode)
            news.Add(new(to, new ReopenBySource(self, state.Episode, state.Peak, title)));
        if (state.Peak < severity || state.Members.Count > 1)
            news.Add(new(to, new UpdateFromSource(self, state.Members.Count, state.Peak < severity ? state.Peak : null, title)));
        if (state.Acknowledged)
            news.Add(new(to, new AcknowledgeBySource()));
        if (state.Flapping is { } flapping)
            news.Add(GroupFlapping.Report(self, incident, flapping, state.Episode, isOver: false));
        return news.ToImmutable();
    }
}
