using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Codec;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using NodaTime;

namespace Incidents.Engine.Turns;

public sealed partial class TurnEngine
{
    private const int MaxWhy = 2000;

    private void Deliver(MessageWork message, Instant now)
    {
        if (message.Command is TakeAlerts alerts)
        {
            Accept(alerts.ToRequest(message, _rules.RememberForwarded), now);
            return;
        }

        var by = ActsFor(message);
        var actor = Begin(message.To, message.Begins);
        Take(actor, Decide(actor, message.Command, new TurnInput(now, by, message.Id)), message, now, message.Id, by);
    }

    private Caller ActsFor(MessageWork message) => message.AtOnce || !_rules.TimersByEngine ? message.By : message.By.WhenDue();

    private Actor Begin(StreamId id, bool isNew = false)
    {
        var actor = Resident(id, isNew);
        _before.Add((actor, actor.Memory));
        return actor;
    }

    // It is consumed in its receiver's own order, without an effect there; a letter keeps what it was.
    private void SetAside(MessageWork message, string why, Instant now)
    {
        why = why.Length > MaxWhy ? why[..MaxWhy] : why;
        var keep = message.Command switch
        {
            KeepLetter { Command: null } => throw new InvalidOperationException($"the journal rejects what the engine itself wrote: {why}"),
            KeepLetter held => Emptied(held, why),
            var command => Fitting(new KeepLetter(message.To, command, ActsFor(message), why, Math.Max(1, message.Failures))),
        };
        var letter = message.Command is KeepLetter ? message.To : StreamId.Letter(message.Id);
        Take(Resident(message.To), new Decision(Reason.Unstorable, [], [new Message(letter, keep)]), message, now, message.Id, Caller.Engine);
    }

    // A letter is a little longer than what it holds.
    private KeepLetter Fitting(KeepLetter keep)
    {
        try
        {
            _ = Write(keep);
            return keep;
        }
        catch (UndecidableException unwritable)
        {
            return Emptied(keep, unwritable.Message);
        }
    }

    private static KeepLetter Emptied(KeepLetter keep, string why) => keep with { Command = null, Why = $"{keep.Why}; what it holds cannot be stored either: {why}" };

    private void Call(CallWork call, Instant now)
    {
        if (call.Remembered && _rules.RememberCalls && (_calls.Contains(call.Id) || _reader.FindRequest(call.Id) is not null))
        {
            // What was given before under the same id may still be on its way to the disk: the answer waits its turn behind it.
            Take(Resident(call.To), Decision.Nothing(Reason.DoneBefore), call, now, call.Id, call.By);
            return;
        }

        var actor = Begin(call.To);
        if (call.Expected is { } seen && seen != actor.Version)
        {
            Take(actor, Decision.Nothing(Reason.ChangedMeanwhile), call, now, call.Id, call.By);
            return;
        }

        var decision = Decide(actor, call.Command, new TurnInput(now, call.By, call.Id));
        var commit = Take(actor, decision, call, now, call.Id, call.By);
        if (commit.Remembers is { } remembered)
            _calls.Add(remembered);
        if (!AnswersBehindFlush(commit))
            call.Answer(new CallAnswer(decision.Reason, commit.Events.Count > 0, actor.Version, _position + 1));
    }

    private void Read(ReadWork read)
    {
        var actor = Resident(read.Of);
        if (!_rules.LookInTurn)
        {
            read.Answer(new ReadAnswer(actor.State!, actor.Version, actor.Repeats?.Count ?? 0, _position));
            return;
        }

        // What is seen is flushed already: a disk that hangs holds up no look at what it has. Where there are other nodes it is seen whether
        // this one is still the owner.
        if (!actor.Busy && !(MustProve && _rules.ProveLooks))
        {
            read.Answer(new ReadAnswer(actor.State!, actor.Version, actor.Repeats?.Count ?? 0, _position));
            return;
        }

        var entry = new ReadEntry(read, new ReadAnswer(actor.State!, actor.Version, actor.Repeats?.Count ?? 0, _position));
        if (actor.Tail is { } tail)
            entry.DependsOn.Add(tail);
        _queue.Add(entry);
    }

    private (Decision Decision, AlertsRepeated? Covered) Cover(Actor actor, ICommand command, TurnInput input)
    {
        // A rule never sees a state without the repeats that came before its command.
        if (_rules.CoverBeforeDeciding && actor.Repeats is { } repeats && ((GroupState)actor.State!).Incident is { } incident)
        {
            var covered = repeats.ToEvent(incident);
            var decision = _rules.Decide(actor.Id, GroupState.Evolve((GroupState)actor.State, covered), command, input);
            return (decision, covered);
        }

        return (_rules.Decide(actor.Id, actor.State!, command, input), null);
    }

    private Decision Decide(Actor actor, ICommand command, TurnInput input)
    {
        try
        {
            var (decision, covered) = Cover(actor, command, input);
            return covered is null || decision.Events.IsEmpty ? decision : decision with { Events = decision.Events.Insert(0, covered) };
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw new UndecidableException(broken);
        }
    }

    private Commit Take(Actor actor, Decision decision, Work work, Instant now, CommandId id, Caller by, Tracing.Origin? origin = null)
    {
        var commit = Build(actor, decision, work, now, id, by);
        Tracing.Spans.Follow(commit, origin ?? work.Origin);
        Enqueue(commit, actor, work as MessageWork);
        if (!_rules.OneCommitACommand && work is MessageWork && commit.Events.Count > 0)
            Enqueue(Build(actor, Decision.Nothing(decision.Reason), work, now, id, by), actor, null);
        return commit;
    }

    private Commit Build(Actor actor, Decision decision, Work work, Instant now, CommandId id, Caller by)
    {
        var expected = actor.Version;
        var events = new Envelope[decision.Events.Length];
        for (var i = 0; i < events.Length; i++)
            events[i] = Append(actor, decision.Events[i], decision.Reason, now, by);

        var made = new MessageWork[decision.Messages.Length];
        for (var i = 0; i < made.Length; i++)
        {
            var message = decision.Messages[i];
            var own = message.As?.Id ?? (_rules.DeriveIds ? id.Derive(i) : new CommandId(id.Value + (UInt128)(_turns * 1000) + (UInt128)i));
            made[i] = Message(message, now, own, message.As?.By ?? by);
        }

        if (events.Length > 0)
            (actor.Repeats, actor.Saved) = (null, 0);
        return new Commit(work)
        {
            Actor = actor, Expected = expected, Events = events, Happened = decision.Events, Made = made, Reason = decision.Reason,
            Consumes = _rules.ConsumeWithCommit && (_rules.OneCommitACommand || events.Length == 0),
            Snapshot = actor.Version / _options.SnapshotEvery > expected / _options.SnapshotEvery ? actor.State : null,
        };
    }

    private MessageWork Message(Message message, Instant now, CommandId id, Caller by)
    {
        var (type, payload) = Write(message.Command);
        var held = message.Due is not null || message.Command is DeliverPage;
        return new MessageWork(id, message.To, by, message.Command)
        {
            Type = type, Payload = payload, Begins = message.Command is OpenIncident or DeliverPage, Due = held ? Math.Max(0, Time.Nanoseconds(message.Due ?? now)) : NextPlace(),
        };
    }

    private long NextPlace() => _rules.KeepOrder ? long.MinValue + ++_made : -1;

    private void Send(MessageWork message, Entry maker)
    {
        message.Maker = maker;
        message.Crosses = !Owns(message.To);
        if (message.AtOnce && !message.Crosses)
            _ready.Add(message);
    }

    // Repeats belong to whoever sent them, whoever makes them an event.
    private Envelope Append(Actor actor, IEvent happened, Reason reason, Instant now, Caller by)
    {
        var (type, payload) = Write(happened);
        var repeats = happened is AlertsRepeated ? actor.Repeats : null;
        var unchained = new Envelope
        {
            Stream = actor.Id.ToString(), Version = actor.Version + 1, Type = type, Schema = 1, Time = Time.Nanoseconds(now), Actor = repeats?.By ?? by.Id,
            OnBehalfOf = repeats is null ? by.OnBehalfOf : null, Reason = repeats is null ? reason.ToString() : nameof(Reason.Repeated), Payload = payload, Hash = [],
        };
        var envelope = unchained with { Hash = Chain.Next(actor.Hash, unchained) };
        actor.State = ActorKinds.Evolve(actor.Id.Kind, actor.State!, happened);
        actor.Version = envelope.Version;
        actor.Hash = envelope.Hash;
        return envelope;
    }

    // Only finished bytes that fit are queued.
    private (string Type, byte[] Payload) Write(object payload)
    {
        if (_speech.Vocabulary.Needs(payload) is > 0 and var needs && needs > _speech.Speaks)
            throw new UndecidableException(new InvalidOperationException($"{Payloads.NameOf(payload)} is not written while a node lives that does not read it")) { Needs = needs };
        try
        {
            var (type, bytes) = Payloads.Write(payload);
            return bytes.Length <= _options.MaxPayload || !_rules.CheckSize
                ? (type, bytes)
                : throw new PayloadTooLargeException($"{type} would be {bytes.Length} bytes long; {_options.MaxPayload} are allowed");
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw new UndecidableException(broken);
        }
    }

    private void Enqueue(Commit commit, Actor actor, MessageWork? consumed)
    {
        if (actor.Busy)
            commit.DependsOn.Add(actor.Tail!);
        if (consumed?.Maker is { Released: false } maker)
            commit.DependsOn.Add(maker);
        actor.Tail = commit;
        _queue.Insert(_rules.QueueInOrder ? _queue.Count : 0, commit);
        if (!_rules.AttemptBehindFlush)
            Announce(commit);
        foreach (var message in commit.Made)
        {
            Send(message, commit);
        }
    }
}
