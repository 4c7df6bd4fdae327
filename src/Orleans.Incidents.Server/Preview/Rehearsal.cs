using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Incidents;
using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>One decision of a rehearsal.</summary>
/// <param name="Origin">Which of the rehearsed items it follows from, from 0.</param>
/// <param name="Actor">Who decided.</param>
/// <param name="Before">Its state before.</param>
/// <param name="After">Its state behind the events.</param>
/// <param name="Command">What it decided on.</param>
/// <param name="Decision">What it decided.</param>
/// <param name="At">When it would be decided.</param>
internal sealed record Rehearsed(int Origin, StreamId Actor, object Before, object After, ICommand Command, Decision Decision, Instant At);

/// <summary>
/// Plays what the engine would do, with the engine's own rules and in its order, on states that are read once and changed in
/// memory only: nothing is journalled, charged, sent or timed. What would be stored until later is kept aside.
/// </summary>
/// <param name="source">What is true now.</param>
/// <param name="by">Under whose authority everything is decided.</param>
internal sealed class Rehearsal(IStates source, Caller by)
{
    /// <summary>More decisions than this follow from no signal; a rule that never ends must not take the server with it.</summary>
    private const int MaxTurns = 20_000;

    private readonly Dictionary<StreamId, object> _states = [];
    private Rehearsal? _before;
    private readonly List<(int Origin, Message Message)> _ready = [];
    private int _made;
    private int _signalled;

    /// <summary>What was decided so far, in order.</summary>
    public List<Rehearsed> Turns { get; } = [];

    /// <summary>Messages that would wait for their time, in order of making.</summary>
    public List<(int Origin, Message Message)> Held { get; } = [];

    /// <summary>Whether more would follow than is rehearsed.</summary>
    public bool IsCut => _ready.Count > 0;

    /// <summary>The highest journal position that anything read is true at.</summary>
    public long Position { get; private set; }

    /// <summary>Decides on signals as on those of one request, and on all that follows at once. They come behind those of a call before.</summary>
    public async Task SignalAsync(IReadOnlyList<(StreamId Group, Signal Signal)> items, Instant now)
    {
        await ReadAsync(items.Select(i => i.Group));
        for (var i = 0; i < items.Count; i++)
        {
            var (group, signal) = items[i];
            var origin = _signalled++;
            var state = (GroupState)State(group);
            if (Folding.PlaceOfRepeat(state, signal, now) >= 0)
                Turns.Add(new Rehearsed(origin, group, state, state, signal, Decision.Nothing(Reason.Repeated), now));
            else
                Decide(origin, new Message(group, signal), now);
        }

        await FollowAsync(now);
    }

    /// <summary>
    /// What would happen later because of one item if nobody did anything: waits end and steps time out, until the second
    /// round of an escalation begins. What is rehearsed so far stays as it is.
    /// </summary>
    /// <param name="origin">The item.</param>
    /// <param name="held">What is kept aside because of it.</param>
    public async Task<IReadOnlyList<Rehearsed>> ForeseeAsync(int origin, IEnumerable<Message> held)
    {
        var later = new Rehearsal(source, by.WhenDue()) { _before = this, _made = _made };
        later.Held.AddRange(held.Select(message => (origin, message)));
        while (later.Next() is { } next && !later.Turns.Exists(t => t.Decision.Events.Any(e => e is StepPaged s && s.Round > s.FirstRound)))
        {
            later._ready.Add((origin, next));
            await later.FollowAsync(next.Due!.Value);
        }

        return later.Turns;
    }

    /// <summary>An actor as the rehearsal left it.</summary>
    public async Task<object> StateAsync(StreamId of)
    {
        await ReadAsync([of]);
        return State(of);
    }

    private object State(StreamId of) => _states.TryGetValue(of, out var own) ? own : _before!.State(of);

    private bool Knows(StreamId of) => _states.ContainsKey(of) || _before?.Knows(of) == true;

    private Message? Next()
    {
        var timers = Held.Where(h => h.Message.Command is EndGroupWait or EndMute or EscalateIncident).ToList();
        if (timers.Count == 0)
            return null;
        var next = timers.MinBy(h => h.Message.Due);
        Held.Remove(next);
        return next.Message;
    }

    private async Task FollowAsync(Instant now)
    {
        // A level at a time, so that what it needs is read at once.
        while (_ready.Count > 0 && Turns.Count < MaxTurns)
        {
            var level = _ready.ToList();
            _ready.Clear();
            await ReadAsync(level.Select(m => m.Message.To));
            foreach (var (origin, message) in level)
                Decide(origin, message, now);
        }
    }

    private void Decide(int origin, Message message, Instant now)
    {
        var before = State(message.To);
        var decision = ActorKinds.Decide(message.To, before, message.Command, new TurnInput(now, by, CommandId.Of($"rehearsal:{_made++}")));
        var after = decision.Events.Aggregate(before, (state, happened) => ActorKinds.Evolve(message.To.Kind, state, happened));
        _states[message.To] = after;
        Turns.Add(new Rehearsed(origin, message.To, before, after, message.Command, decision, now));
        foreach (var next in decision.Messages)
            (next.Due is null && next.To.Kind != ActorKind.Page ? _ready : Held).Add((origin, next));
    }

    private async Task ReadAsync(IEnumerable<StreamId> ids)
    {
        var missing = ids.Distinct().Where(id => !Knows(id)).ToList();
        var read = await Task.WhenAll(missing.Select(source.ReadAsync));
        for (var i = 0; i < missing.Count; i++)
        {
            _states.Add(missing[i], read[i].State);
            Position = Math.Max(Position, read[i].Position);
        }
    }
}
