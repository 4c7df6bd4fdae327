using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Pages;
using NodaTime;

namespace Incidents.Engine.Turns;

public sealed partial class TurnEngine
{
    /// <summary>
    /// Takes a prefix of the queue as the next flush; <see langword="null"/> when there is nothing to write or one is under way. What waits
    /// for nothing but its turn is answered here.
    /// </summary>
    public Flush? Seal(Instant now)
    {
        if (_inFlight is not null && _rules.OneFlushAtATime)
            return null;
        if (!MustProve)
            ReleaseAnswers();
        if (_queue.Count == 0)
            return null;
        var count = 0;
        for (var i = 0; i < _queue.Count && (count == 0 || i < _limit); i++)
        {
            if (_queue[i].EndsUnit)
                count = i + 1;
        }

        var entries = _queue.GetRange(0, count);
        _queue.RemoveRange(0, count);
        _inFlight = FlushOf(entries, now);
        if (!_rules.ReportBehindFlush)
            _output.Flushed(_position + 1, _inFlight.Commits);
        return _inFlight;
    }

    /// <summary>The next flush of nothing, where nothing waits and none is under way: it finds out whether the journal can be written.</summary>
    public Flush SealNothing(Instant now) => _inFlight = FlushOf([], now);

    private Flush FlushOf(List<Entry> entries, Instant now) => new()
    {
        Id = FlushId(now),
        SealedAt = now,
        Entries = entries,
        Commits = entries.OfType<Commit>().ToList(),
        Requests = entries.OfType<RequestRecord>().ToList(),
        UncoveredFrom = UncoveredFrom(),
        Needs = Needs(entries),
    };

    /// <summary>The sealed flush ended: releases what it holds, or drops and does again what must be.</summary>
    public void Complete(FlushOutcome outcome, Instant now)
    {
        var flush = _inFlight ?? throw new InvalidOperationException("no flush is under way");
        _inFlight = null;
        switch (outcome.Status)
        {
            case FlushStatus.Committed:
                MoveTo(outcome.Position);
                _limit = Math.Min(_options.MaxFlush, _limit * 2);
                Settle(flush, outcome);
                break;
            case FlushStatus.Lost:
                DropAll(flush);
                if (outcome.LostShards.Count > 0)
                    Lose(outcome.LostShards);
                break;
            case FlushStatus.Rejected:
                Isolate(flush, outcome.Detail, now);
                break;
            default:
                throw new InvalidOperationException("an unknown outcome is settled before it is reported");
        }

        HoldNewer();
    }

    private CommandId FlushId(Instant now) => new CommandId(((UInt128)(ulong)Time.Nanoseconds(now) << 64) | (ulong)_turns | (ulong)_node << 40).Derive((int)(_position & int.MaxValue));

    private void ReleaseAnswers()
    {
        var answers = 0;
        while (answers < _queue.Count && _queue[answers] is ReadEntry or RefusalEntry)
            Release(_queue[answers++]);
        _queue.RemoveRange(0, answers);
    }

    private void Settle(Flush flush, FlushOutcome outcome)
    {
        HashSet<Entry> dropped = outcome.Lost.Count == 0 ? [] : flush.Closure(outcome.Lost);
        foreach (var message in flush.ToStore(dropped))
        {
            message.Stored = true;
            message.Maker = null;

            // Where the receiver's shard has been left since, its next owner reads it; this node too, if it becomes that.
            if (!Owns(message.To))
                continue;
            if (message.Crosses)
                Waiting(message).Arrived(message);
            else
                Waiting(message).Stored(message);
        }

        var number = 0;
        foreach (var entry in flush.Entries)
        {
            if (!dropped.Contains(entry))
                Release(entry, entry is RequestRecord ? number++ : 0);
        }

        if (_rules.ReportBehindFlush)
            _output.Flushed(_position, dropped.Count == 0 ? flush.Commits : flush.Commits.Where(c => !dropped.Contains(c)).ToList());
        if (dropped.Count > 0)
            Drop(flush.Entries.Where(dropped.Contains).ToList());
    }

    private void Release(Entry entry, int number = 0)
    {
        entry.Released = true;
        entry.DependsOn.Clear();
        switch (entry)
        {
            case Commit commit: Release(commit); break;
            case RequestRecord record: Release(record, number); break;
            case ReadEntry look: ((ReadWork)look.Work).Answer(look.Seen with { Position = _position }); break;
            case RefusalEntry refusal: TurnAway(refusal.Work, refusal.Reason, refusal.Detail); break;
            case TrialEntry trial: Release(trial); break;
            case SaveEntry save: Release(save); break;
            default: throw new InvalidOperationException($"no release for {entry.GetType().Name}");
        }
    }

    private void Release(Commit commit)
    {
        commit.Actor.LetGo(commit);
        if (commit.Events.Count > 0)
        {
            commit.Actor.Durable = null;
            commit.Actor.Flushed = commit.Expected + commit.Events.Count;
        }

        if (commit.Consumed is { } consumed)
            Release(commit, consumed);
        if (_rules.AttemptBehindFlush)
            Announce(commit);

        // A page that ended is not asked again but by its timers: it need not wait to be idle.
        if (commit.Actor is { Busy: false, State: PageState { Status: PageStatus.Delivered or PageStatus.GivenUp or PageStatus.Withdrawn or PageStatus.Discarded } })
            _actors.Remove(commit.Actor.Id);
        if (commit.Work is not CallWork call)
            return;
        if (call.Remembered)
            _calls.Remove(call.Id);
        if (AnswersBehindFlush(commit))
            call.Answer(new CallAnswer(commit.Reason, commit.Events.Count > 0, commit.Expected + commit.Events.Count, _rules.AnswerWithPosition ? _position : 0));
    }

    private void Release(Commit commit, MessageWork consumed)
    {
        Done(consumed);
        if (consumed.Command is DeliverPage && commit.Happened.Count == 0)
            _pagesUnderWay.Remove(commit.Actor.Id.Key);
    }

    private void Done(MessageWork consumed)
    {
        if (consumed.Stored)
            Waiting(consumed).Consumed(consumed);
        _onTrial.Remove(consumed);
    }

    private bool AnswersBehindFlush(Commit commit) => commit.Happened.Count > 0 ? _rules.ReleaseBehindFlush : _rules.RefuseBehindFlush;

    private void Announce(Commit commit)
    {
        foreach (var happened in commit.Happened)
        {
            if (happened is PageAttemptStarted attempt)
            {
                // How it ends is heard by the page's owner: of a shard that was left this node would never hear it.
                if (Owns(commit.Actor.Id))
                    _pagesUnderWay.Add(commit.Actor.Id.Key);
                _output.Attempt(_rules.StableOutwardIds ? attempt.Content : attempt.Content with { Id = $"{attempt.Content.Id}#{attempt.Attempt}" }, attempt.Attempt, commit.Origin);
            }
            else if (happened is PageDelivered or PageGivenUp or PageAttemptFailed or PageWithdrawn && _rules.GiveBackRoom)
            {
                // An attempt under way as its page is withdrawn is bounded by its channel's time-out, and how it fails is no event.
                _pagesUnderWay.Remove(commit.Actor.Id.Key);
            }
        }
    }

    private void Release(RequestRecord record, int number)
    {
        if (record.Consumed is { } mail)
            Done(mail);
        foreach (var outcome in record.Outcomes)
        {
            outcome.Actor?.LetGo(record);

            // An event of this very flush may have covered the repeat already.
            if (outcome is not { After: { } after, Actor: { } actor } || outcome.Version < actor.Flushed)
                continue;
            if (actor.Durable is { Position: > 0 } known && known.Version == outcome.Version)
            {
                actor.Durable = known with { Repeats = after };
                continue;
            }

            actor.Durable = new DurableRepeats(outcome.Version, after, _position);
            _durable.Enqueue((actor, outcome.Version, _position), _position);
        }

        if (record.Request.Acceptance is { } acceptance)
            (acceptance.Position, acceptance.Number) = (_position, number);
        var answer = new RequestAnswer(_rules.AnswerWithPosition ? _position : 0, number, null, record.Outcomes.Count(o => o.After is not null));
        if (_rules.AcceptBehindFlush)
            record.Request.Answer(answer);
        foreach (var twin in record.Twins ?? [])
            twin.Answer(answer with { WasKnown = true });
        if (record.Request.Key is { } key)
            _requests.Remove(key);
    }

    private Timers.DueQueue Waiting(MessageWork message) => message.Lane == Lane.Outward ? _pages : _timers;
}
