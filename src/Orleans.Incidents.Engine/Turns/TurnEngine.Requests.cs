using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Engine.Turns;

public sealed partial class TurnEngine
{
    private void Accept(RequestWork request, Instant now)
    {
        if (request is { Key: { } key, Mail: null } && _rules.RememberRequests && IsKnown(request, key))
            return;
        var record = new RequestRecord(request);
        var first = _queue.Count;
        for (var i = 0; i < request.Items.Count; i++)
            record.Outcomes[i] = Accept(request, request.Items[i], record, now);
        if (_shards is not null)
            Forward(record);
        for (var i = first; i < _queue.Count; i++)
            _queue[i].EndsUnit = !_rules.KeepRequestsTogether;
        _queue.Add(record);
        if (request.Key is { } remembered)
            _requests[remembered] = record;
        if (!_rules.AcceptBehindFlush)
            request.Answer(new RequestAnswer(_position + 1, 0, null));
    }

    private bool IsKnown(RequestWork request, CommandId key)
    {
        if (_requests.TryGetValue(key, out var queued) && queued.Request != request)
        {
            (queued.Twins ??= []).Add(request);
            return true;
        }

        if (_reader.FindRequest(key) is not { } answer)
            return false;
        request.Answer(answer with { WasKnown = true });
        return true;
    }

    private ItemOutcome Accept(RequestWork request, RequestItem item, RequestRecord record, Instant now)
    {
        if (item.Signal is not { } signal)
            return new ItemOutcome { Reason = item.Refused!.Reason, Place = -1 };
        if (!Owns(item.Group))
            return new ItemOutcome { Reason = Reason.Forwarded, Place = -1 };
        var actor = Begin(item.Group);
        var place = _rules.PlaceOfRepeat((GroupState)actor.State!, signal, now);
        return place >= 0 ? Fold(request, actor, place, record, now) : Decide(request, item, actor, signal, record, now);
    }

    private ItemOutcome Fold(RequestWork request, Actor actor, int place, RequestRecord record, Instant now)
    {
        if (actor.Repeats is { } others && others.By != request.By.Id && _rules.OneIdentityAFold)
            CoverNow(actor, others, now, endsUnit: false);
        var state = (GroupState)actor.State!;
        var member = state.Members[place];
        var before = actor.Repeats;

        // As receipt blocks keep it, so that a crash between two repeats changes nothing.
        var at = Instant.FromUnixTimeMilliseconds(request.ReceivedAt.ToUnixTimeMilliseconds());
        var after = before?.Add(member, place, at) ?? Repeats.First(request.By.Id, member, place, at);
        actor.Repeats = after;
        if (before is null || before.Count == actor.Saved)
            _unsaved.Enqueue((actor.Id, at));
        DependOn(record, actor);
        return new ItemOutcome
        {
            Slot = actor, Version = actor.Version, Place = place, Ordinal = state.Repeats + after.Count - 1, Reason = Reason.Repeated, After = after,
        };
    }

    private ItemOutcome Decide(RequestWork request, RequestItem item, Actor actor, Signal signal, RequestRecord record, Instant now)
    {
        var id = ItemId(request.Id.Derive(item.Index), actor.Id);
        var decision = Decide(actor, signal, new TurnInput(now, request.By, id));
        if (decision.Events.Length > 0 || decision.Messages.Length > 0)
            Take(actor, decision, request, now, id, request.By, request.OriginOf(item));
        DependOn(record, actor);
        return new ItemOutcome
        {
            Slot = actor, Version = actor.Version, Place = -1, Reason = decision.Reason, Changed = decision.Events.Length > 0,
        };
    }

    // One alert may reach several groups by several routes; each needs ids of its own.
    private CommandId ItemId(CommandId alert, StreamId group) => _rules.IdAGroup ? new(alert.Value ^ CommandId.Of(group.Key).Value) : alert;

    private static void DependOn(RequestRecord record, Actor actor)
    {
        if (actor.Busy && actor.Tail != record)
            record.DependsOn.Add(actor.Tail!);
        actor.Tail = record;
    }
}
