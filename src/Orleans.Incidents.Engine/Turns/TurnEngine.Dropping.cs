using Incidents.Audit;
using Incidents.Decisions;
using NodaTime;

namespace Incidents.Engine.Turns;

public sealed partial class TurnEngine
{
    private void DropAll(Flush flush)
    {
        var all = flush.Entries.Concat(_rules.DropBehindLostFlush ? _queue : []).ToList();
        _queue.RemoveAll(e => _rules.DropBehindLostFlush);
        DropNow(all);
    }

    // What waits behind this flush may rest on what was dropped, and no actor may be forgotten that has anything left in the queue:
    // all of it is decided again. Losing a head is rare.
    private void Drop(List<Entry> dropped)
    {
        if (_rules.DropDependents)
        {
            dropped.AddRange(_queue);
            _queue.Clear();
        }

        DropNow(dropped);
    }

    private void DropNow(List<Entry> dropped)
    {
        foreach (var entry in dropped)
            entry.Dropped = true;
        var again = new List<Work>();
        var seen = new HashSet<Work>();
        foreach (var entry in dropped)
        {
            Forget(entry);

            // It may be dropped because it does not: its receiver may leave memory again before it runs.
            if (entry.Work is MessageWork message)
                message.Begins = false;
            if (entry.Work is CallWork { Remembered: true } call)
                _calls.Remove(call.Id);
            if (entry is RequestRecord { Request.Key: { } key })
                _requests.Remove(key);
            var vanished = entry.Work is RepeatsWork or MessageWork { IsUnmade: true };
            if (!vanished && seen.Add(entry.Work))
                again.Add(entry.Work is TrialWork trial ? trial.Suspect : entry.Work);
            if (entry is RequestRecord { Twins: { } twins })
                again.AddRange(twins);
        }

        _ready.RemoveUnmade();
        Unhold(m => m.IsUnmade);

        // What waited for the disk as its shard was left does not wait here until that comes back.
        again.RemoveAll(IsElsewhere);
        for (var i = again.Count - 1; i >= 0; i--)
        {
            if (again[i] is MessageWork { Suspicion: Suspicion.Suspect } suspect)
                Suspect(suspect);
        }

        _ready.Return(again.FindAll(w => w is not MessageWork { Suspicion: Suspicion.Suspect }));
    }

    private void Forget(Entry entry)
    {
        if (!_rules.ForgetDropped)
            return;
        switch (entry)
        {
            case Commit commit:
                Forget(commit.Actor);
                break;
            case RequestRecord record:
                foreach (var outcome in record.Outcomes)
                    Forget(outcome.Actor);
                break;
            case SaveEntry save:
                Forget(save.Actor);
                break;
            default:
                break;
        }
    }

    private void Forget(Actor? actor)
    {
        if (actor is null)
            return;
        actor.Forget();

        // What would have covered or saved these may have been dropped with it.
        if (actor.Durable is { Position: > 0 } durable)
            _unsaved.Enqueue((actor.Id, durable.Repeats.Since));
        if (!_rules.KeepRepeatsOnForget)
            actor.Durable = null;
    }

    // A turn that broke off half-way leaves nothing behind.
    private void Undo(int first)
    {
        for (var i = _rules.UndoBrokenTurns ? _before.Count - 1 : -1; i >= 0; i--)
            _before[i].Actor.Memory = _before[i].Memory;
        for (var i = first; i < _queue.Count; i++)
            _queue[i].Dropped = true;
        _queue.RemoveRange(first, _queue.Count - first);
        _ready.RemoveLastUnmade();
    }

    // A flush that fails for what it holds is halved until one unit is left, and that one fails alone.
    private void Isolate(Flush flush, string detail, Instant now)
    {
        var units = flush.Entries.Count(e => e.EndsUnit);
        DropAll(flush);
        if (units > 1 && _rules.HalvePoison)
        {
            _limit = Math.Max(1, units / 2);
            return;
        }

        _limit = 1;

        // A request ends its unit; repeats of another identity may be covered before it.
        if (flush.Entries is not [.., { Work: var work }])
            return;
        if (IsForAnother(work) || ++work.Failures < _options.MaxFailures)
            return;
        _ready.Remove(work);
        Fail(work, detail, now);
    }

    // A refusal rests on what its actors were when they were asked, and waits for that like every answer.
    private void Refuse(Work work, UndecidableException broken, Instant now)
    {
        if (Message(work) is { } message)
        {
            if (broken.Needs > 0)
                Hold(message, broken.Needs);
            else
                SetAside(message, broken.Message, now);
            return;
        }

        if (work is CallWork { Remembered: true } call)
            _calls.Remove(call.Id);
        var receivers = Receivers(work).Where(Owns).ToList();
        var refusal = new RefusalEntry(work, broken.Needs > 0 ? Reason.NodesOfAnOlderVersion : Reason.Unstorable, broken.Message, receivers);
        foreach (var to in receivers)
        {
            if (Resident(to) is { Busy: true, Tail: { } tail })
                refusal.DependsOn.Add(tail);
        }

        _queue.Add(refusal);
    }

    internal static MessageWork? Message(Work work) => work as MessageWork ?? (work as RequestWork)?.Mail;

    private static IEnumerable<StreamId> Receivers(Work work) => work switch
    {
        CallWork call => [call.To],
        RequestWork request => request.Items.Where(i => i.Signal is not null).Select(i => i.Group).Distinct(),
        MessageWork { Command: TakeAlerts alerts } => alerts.Alerts.Select(a => a.Group).Distinct(),
        MessageWork message => [message.To],
        ReadWork read => [read.Of],
        _ => [],
    };

    private void Fail(Work work, string detail, Instant now)
    {
        if (Message(work) is { } message)
            SetAside(message, detail, now);
        else
            TurnAway(work, Reason.Unstorable, detail);
    }

    private void TurnAway(Work work, Reason reason, string detail)
    {
        switch (work)
        {
            case RequestWork request:
                request.Answer(new RequestAnswer(0, 0, new Refused(reason, detail)));
                break;
            case CallWork call:
                call.Answer(new CallAnswer(reason, false, 0, _position));
                break;
            default:
                throw new InvalidOperationException($"the journal rejects what the engine itself wrote: {detail}");
        }
    }
}
