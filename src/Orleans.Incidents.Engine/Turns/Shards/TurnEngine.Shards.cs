using Incidents.Decisions;
using Incidents.Engine.Codec;
using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>
/// An engine that owns some of the shards and decides for their actors alone. What it decides for others leaves as messages in the
/// same flush, and what others decide for its actors comes as their mail; nothing else passes between nodes.
/// </summary>
public sealed partial class TurnEngine
{
    private readonly ShardMap? _shards;
    private readonly long _node;
    private bool _hasMail;

    /// <summary>An engine that owns nothing until it adopts something.</summary>
    /// <param name="reader">What is flushed.</param>
    /// <param name="output">Where what is released goes.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="position">The last flush.</param>
    /// <param name="node">A number that no other node ever had: two nodes never give one id to their flushes.</param>
    /// <param name="speech">What may be written.</param>
    public TurnEngine(IShardReader reader, IEngineOutput output, EngineOptions options, long position, long node, Speech speech)
        : this(reader, output, options, EngineRules.All, position, node, speech)
    {
    }

    internal TurnEngine(IShardReader reader, IEngineOutput output, EngineOptions options, EngineRules rules, long position, long node, Speech? speech = null)
        : this(reader, output, options, rules, new Beginning(position, [], AfterDeath: false), reader, speech) => _node = node;

    /// <summary>Whether answers have to be proved, because another node may have become the owner meanwhile.</summary>
    public bool MustProve => _shards is not null;

    /// <summary>The shards that it decides for, in ascending order.</summary>
    public IReadOnlyList<int> Owned => _shards?.Owned ?? Everything;

    private static IReadOnlyList<int> Everything { get; } = [.. Enumerable.Range(0, StreamId.Shards)];

    private ShardMap Partial => _shards ?? throw new InvalidOperationException("this engine owns every shard");

    /// <summary>Whether it decides for an actor.</summary>
    public bool Owns(StreamId stream) => _shards is null || _shards.Owns(stream.Shard);

    /// <summary>Begins to decide for shards that the journal has given, while no flush is under way.</summary>
    /// <param name="taken">The shards.</param>
    /// <param name="uncovered">What receipt blocks hold of repeats of their groups that no event covers and no row keeps.</param>
    /// <param name="now">The time.</param>
    public void Adopt(ShardsTaken taken, IEnumerable<UncoveredRepeats> uncovered, Instant now)
    {
        if (Flushing)
            throw new InvalidOperationException("what a flush says of uncovered repeats would miss those of these shards");
        MoveTo(taken.Position);
        int[] shards = [.. taken.Shards.Select(s => s.Shard)];

        // It may have been another's meanwhile without this node's knowledge: what is known of it here is old.
        if (Array.Exists(shards, Partial.Owns))
            Lose(shards);

        // What is on its way to them by the disk would be passed by what is decided here from now on.
        else if (_queue.Exists(e => e.Made.Any(m => m.Crosses && shards.Contains(m.To.Shard))))
            Drop([]);
        Partial.Add(taken, Time.Nanoseconds(now));
        foreach (var u in uncovered)
            Remember(u, _rules.KeepAdoptedLowWater);

        // What their actors said before, at another node, to actors of this one is heard before what they say here; and what came here
        // for them before they did goes behind what is stored of them.
        Ring();
        if (_rules.ReadMailFirst)
            _posted.InsertRange(0, _ready.RemoveAsked());
        if (_rules.ReadOnAdopt)
        {
            _timers.Adopt(Read);
            _pages.Adopt(Read);
        }

        IReadOnlyList<MessageWork> Read(Lane lane, DueKey after, long through, int limit) => Partial.Reader.Due(lane, after, through, limit, shards);
    }

    /// <summary>
    /// Decides nothing for shards from here on. What was decided for them is flushed as ever; what waited for its turn is on disk already, or
    /// gets there with its maker, or is answered that they are elsewhere.
    /// </summary>
    /// <returns>What is behind everything that was decided; <see langword="null"/>: all of it is flushed.</returns>
    public Entry? Leave(IReadOnlyCollection<int> shards)
    {
        Partial.Remove(shards);
        if (_rules.DropOnLeave)
            DropWaiting(shards);
        HoldNewer();
        return !_rules.WaitOnLeave ? null : _queue.Count > 0 ? _queue[^1] : _inFlight is { Entries: [.., var last] } ? last : null;
    }

    private void DropWaiting(IReadOnlyCollection<int> shards)
    {
        bool IsLeft(StreamId stream) => shards.Contains(stream.Shard);
        foreach (var message in _ready.RemoveMessages(m => IsLeft(m.To)).Concat(_suspects.Where(m => IsLeft(m.To))).Concat(_onTrial.Where(m => IsLeft(m.To)))
            .Concat(_held.Where(m => IsLeft(m.To))).ToList())
        {
            _suspects.Remove(message);
            _onTrial.Remove(message);
            Waiting(message).Consumed(message);
        }

        Unhold(m => IsLeft(m.To));
        _timers.Forget(IsLeft);
        _pages.Forget(IsLeft);
        _pagesUnderWay.RemoveWhere(p => IsLeft(StreamId.Page(p)));
    }

    /// <summary>Forgets the actors of shards that were left, when everything decided for them is flushed.</summary>
    public void Forget(IReadOnlyCollection<int> shards)
    {
        foreach (var actor in _actors.Values.Where(a => shards.Contains(a.Id.Shard)).ToList())
        {
            _actors.Remove(actor.Id);
            actor.Durable = null;
        }
    }

    /// <summary>Another node has taken shards over: what was decided and not flushed is decided again by whoever owns its actor.</summary>
    public void Lose(IReadOnlyCollection<int> shards)
    {
        Drop([]);
        Leave(shards);
        if (_rules.ForgetLost)
            Forget(shards);
    }

    /// <summary>Other nodes may have sent something.</summary>
    public void Ring() => _hasMail = true;

    private void ReadMail()
    {
        if (!_hasMail || !_rules.ReadMail)
            return;
        _hasMail = false;
        foreach (var message in Partial.ReadMail())
            Waiting(message).Arrived(message);
        GoBehind(Partial.MailRead);
    }

    private void MoveTo(long position)
    {
        _position = Math.Max(_position, position);
        GoBehind(_position);
    }

    // What is made from here on comes behind all messages of those flushes: no node makes more than 16 million between two.
    private void GoBehind(long position) => _made = Math.Max(_made, position << 24);

    private void Remember(UncoveredRepeats u, bool keepsLowWater = true)
    {
        var actor = new Actor(u.Group) { Durable = new DurableRepeats(u.Version, u.Repeats, u.Position) };
        _actors[u.Group] = actor;
        if (keepsLowWater)
            _durable.Enqueue((actor, u.Version, u.Position), u.Position);
        _unsaved.Enqueue((u.Group, u.Repeats.Since));
    }

    private IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit) =>
        _shards is null ? _reader.Due(lane, after, through, limit) : _shards.Owned.Count == 0 ? [] : _shards.Reader.Due(lane, after, through, limit, _shards.Owned);
}
