using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Escalation;
using Incidents.Identities;
using NodaTime;

namespace Incidents.Incidents;

/// <summary>
/// Who has taken an incident on, and for how long that counts. An acknowledgement is a lease: whatever a person does on the incident
/// renews it, and when it expires somebody is looked for again from the first step. One timer an incident, armed for the
/// deadline known then; nothing cancels it, and a renewal only moves the deadline: when the timer comes, the state decides.
/// </summary>
internal static class Acknowledgements
{
    /// <summary>A person or agent takes it on. Once more by a person renews it; whoever was first keeps it.</summary>
    public static Decision Take(StreamId self, IncidentState state, TurnInput input) => state switch
    {
        { Status: IncidentStatus.Resolved or IncidentStatus.Closed } => Decision.Nothing(Reason.IncidentEnded),
        { AcknowledgedBy: not null } => IsRenewable(state, input)
            ? Renewed(self, state, new(Reason.AcknowledgementRenewed, [], []), input)
            : Decision.Nothing(Reason.AlreadyAcknowledged),
        _ => Taken(self, state, input, Reason.Acknowledged),
    };

    /// <summary>The source says that somebody took it on. One problem of a storm taken on there must not silence all the others.</summary>
    public static Decision TakeAtSource(StreamId self, IncidentState state, TurnInput input) => state switch
    {
        { Status: IncidentStatus.Resolved or IncidentStatus.Closed } => Decision.Nothing(Reason.IncidentEnded),
        { AcknowledgedBy: not null } => Decision.Nothing(Reason.AlreadyAcknowledged),
        { Groups.Count: > 1 } => Decision.Nothing(Reason.OneOfStormAcknowledged),
        _ => Taken(self, state, input, Reason.AcknowledgedBySource),
    };

    /// <summary>What somebody did, with the renewal that follows from it where a person did it and the incident goes on.</summary>
    public static Decision Renew(StreamId self, IncidentState before, Decision decision, TurnInput input)
    {
        if (decision.Events.IsEmpty || !IsRenewable(before, input))
            return decision;
        var after = decision.Events.Aggregate(before, IncidentState.Evolve);
        return after.AcknowledgedUntil is null ? decision : Renewed(self, after, decision, input);
    }

    /// <summary>The timer came.</summary>
    public static Decision Expire(StreamId self, IncidentState state, ExpireAcknowledgement timer, TurnInput input)
    {
        // It is armed only while the acknowledgement counts: the end, an expiry and a re-opening all make it stale.
        if (state.LeaseArmedFor != timer.ArmedFor || state is not { AcknowledgedUntil: { } until, AcknowledgedBy: { } by })
            return Decision.Nothing(Reason.AcknowledgementTimerLate);
        if (until > input.Now)
            return Decision.Of(Reason.AcknowledgementStands, new LeaseArmed(until), Timer(self, until));
        if (input.Now - until > EscalationRules.MaxTimerAge)
            return Decision.Of(Reason.TimerTooOld, new EscalationLapsed(until, Reason.TimerTooOld));
        var pages = state.Severity <= state.PageFrom;
        var expired = new AcknowledgementExpired(by, Reason.AcknowledgementExpired, pages ? IncidentStatus.Active : IncidentStatus.Triage);
        return pages
            ? EscalationRules.Begin(self, IncidentState.Evolve(state, expired), input, Reason.AcknowledgementExpired, [expired], [])
            : Decision.Of(Reason.AcknowledgementExpired, expired);
    }

    private static Decision Taken(StreamId self, IncidentState state, TurnInput input, Reason why)
    {
        var until = state.Lease > Duration.Zero ? input.Now + state.Lease : (Instant?)null;
        var withdrawn = Withdrawal.Of(self, state);
        return new(why, [new IncidentAcknowledged(input.By.Id, why, until)], until is { } at ? withdrawn.Add(Timer(self, at)) : withdrawn);
    }

    private static bool IsRenewable(IncidentState state, TurnInput input) => state.AcknowledgedUntil is not null && input.By.Kind == IdentityKind.Human;

    // A clock that went back shortens nothing. After a lapse no timer is armed any more.
    private static Decision Renewed(StreamId self, IncidentState state, Decision decision, TurnInput input)
    {
        var until = Instant.Max(state.AcknowledgedUntil!.Value, input.Now + state.Lease);
        ImmutableArray<IEvent> events = [.. decision.Events, new AcknowledgementRenewed(input.By.Id, until)];
        return state.LeaseArmedFor is not null
            ? decision with { Events = events }
            : decision with { Events = events.Add(new LeaseArmed(until)), Messages = decision.Messages.Add(Timer(self, until)) };
    }

    private static Message Timer(StreamId self, Instant at) => new(self, new ExpireAcknowledgement(at), at);
}
