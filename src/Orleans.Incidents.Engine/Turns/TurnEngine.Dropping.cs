using Incidents.Audit;
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
            if (entry.Work is CallWork { Remembered: true } call)
                _calls.Remove(call.Id);
            if (entry is RequestRecord { Request.Key: { } key })
                _requests.Remove(key);
            var vanished = entry.Work is CoverWork || entry.Work is MessageWork { Stored: false, Maker: { Dropped: true } };
            if (!vanished && seen.Add(entry.Work))
                again.Add(entry.Work);
            if (entry is RequestRecord { Twins: { } twins })
                again.AddRange(twins);
        }

        // Messages that a dropped commit made are made again when its command runs again.
        for (var node = _ready.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value is MessageWork { Stored: false, Maker: { Dropped: true } })
                _ready.Remove(node);
            node = next;
        }

        for (var i = again.Count - 1; i >= 0; i--)
            _ready.AddFirst(again[i]);
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
            default:
                break;
        }
    }

    private void Forget(Actor? actor)
    {
        if (actor is null)
            return;
        actor.Forget();

        // What would have covered these may have been dropped with it.
        if (actor.Durable is { } durable)
            _uncovered.Enqueue((actor, durable.Repeats.Since));
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
        while (_ready.Last?.Value is MessageWork { Maker.Dropped: true })
            _ready.RemoveLast();
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
        var work = flush.Entries[^1].Work;
        if (++work.Failures < _options.MaxFailures)
            return;
        _ready.Remove(work);
        Fail(work, detail, now);
    }

    private void Fail(Work work, string detail, Instant now)
    {
        switch (work)
        {
            case RequestWork request:
                request.Answer(new RequestAnswer(0, 0, new Refused(Reason.Unstorable, detail)));
                break;
            case CallWork call:
                call.Answer(new CallAnswer(Reason.Unstorable, false, 0, _position));
                break;
            case MessageWork message:
                SetAside(message, detail, now);
                break;
            default:
                throw new InvalidOperationException($"the journal rejects what the engine itself wrote: {detail}");
        }
    }
}
