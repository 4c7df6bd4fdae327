using Incidents.Engine.Turns;
using NodaTime;

namespace Incidents.Engine.Embedded;

/// <summary>The edge's bounds.</summary>
public sealed record GateOptions
{
    /// <summary>How many bytes of bodies may be between the wire and the disk. Default 64 MiB.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>How many of them one identity may have, so that one that floods leaves room for others. Default 16 MiB.</summary>
    public long MaxBytesOfOne { get; init; } = 16 << 20;

    /// <summary>How long anybody waits for room. Default two seconds.</summary>
    public Duration MaxWait { get; init; } = Duration.FromSeconds(2);
}

/// <summary>
/// The one place where anything waits for room: bytes between a body and its flush are bounded, in all and for each identity.
/// Those that wait are let in in rotation of identities, one each; who waited too long is refused. It has no clock and no timer
/// of its own. Thread-safe.
/// </summary>
public sealed class Gate
{
    private readonly GateOptions _options;
    private readonly EngineRules _rules;
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private readonly LinkedList<Share> _rotation = new();
    private readonly Lock _lock = new();
    private long _bytes;

    public Gate(GateOptions options)
        : this(options, EngineRules.All)
    {
    }

    internal Gate(GateOptions options, EngineRules rules)
    {
        _options = options;
        _rules = rules;
    }

    /// <summary>How many bytes are inside.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>Takes room at once, where there is some and nobody waits; <see langword="false"/>: ask for it with <see cref="Enter"/>.</summary>
    public bool TryEnter(string identity, long bytes)
    {
        lock (_lock)
        {
            if (_rotation.Count > 0 || !HasRoom(bytes))
                return false;
            if (!_shares.TryGetValue(identity, out var share))
                _shares.Add(identity, share = new Share(identity));
            if (!HasRoom(share, bytes))
                return false;
            Admit(share, bytes);
            return true;
        }
    }

    /// <summary>Asks for room.</summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="bytes">How much; a single body has room where nothing else is inside, however large it may be.</param>
    /// <param name="now">When.</param>
    /// <param name="answer">Called once: <see langword="true"/> when there is room, at once or later; <see langword="false"/> after too long a wait. Must not block.</param>
    public void Enter(string identity, long bytes, Instant now, Action<bool> answer)
    {
        lock (_lock)
        {
            if (!_shares.TryGetValue(identity, out var share))
                _shares.Add(identity, share = new Share(identity));
            share.Waiting.AddLast(new Waiter(bytes, now + _options.MaxWait, answer));
            if (share.Waiting.Count == 1)
                _rotation.AddLast(share);
            LetIn();
        }
    }

    /// <summary>Gives room back when a request is answered.</summary>
    public void Leave(string identity, long bytes)
    {
        lock (_lock)
        {
            var share = _shares[identity];
            _bytes -= bytes;
            share.Inside -= bytes;
            share.Members--;
            LetIn();
            Forget(share);
        }
    }

    /// <summary>Refuses who has waited too long.</summary>
    public void Expire(Instant now)
    {
        lock (_lock)
        {
            foreach (var share in _rules.RefuseOldWaiters ? _rotation.ToList() : [])
            {
                // Not only the first: where the clock was set back, others wait for a shorter time.
                foreach (var late in share.Waiting.Where(w => w.Until <= now).ToList())
                {
                    share.Waiting.Remove(late);
                    late.Answer(false);
                }

                if (share.Waiting.Count > 0)
                    continue;
                _rotation.Remove(share);
                Forget(share);
            }

            LetIn();
        }
    }

    // An identity that fills its own share waits for itself and nobody waits for it; for room in all nobody is overtaken.
    private void LetIn()
    {
        var next = _rotation.First;
        while (next is { Value: var share })
        {
            var waiter = share.Waiting.First!.Value;
            if (!HasRoom(share, waiter.Bytes))
            {
                next = next.Next;
                continue;
            }

            if (!HasRoom(waiter.Bytes))
                return;
            Admit(share);
            next = _rotation.First;
        }
    }

    private bool HasRoom(long bytes) => _bytes == 0 || _bytes + bytes <= _options.MaxBytes || !_rules.BoundBytes;

    private bool HasRoom(Share share, long bytes) => share.Inside == 0 || share.Inside + bytes <= _options.MaxBytesOfOne || !_rules.BoundShare;

    private void Admit(Share share)
    {
        var waiter = share.Waiting.First!.Value;
        share.Waiting.RemoveFirst();
        Admit(share, waiter.Bytes);
        if (share.Waiting.Count == 0 || _rules.RotateAtEdge)
            _rotation.Remove(share);
        if (share.Waiting.Count > 0 && _rules.RotateAtEdge)
            _rotation.AddLast(share);
        waiter.Answer(true);
    }

    private void Admit(Share share, long bytes)
    {
        _bytes += bytes;
        share.Inside += bytes;
        share.Members++;
    }

    // An empty body has no bytes and is inside all the same.
    private void Forget(Share share)
    {
        if (share is { Members: 0, Waiting.Count: 0 })
            _shares.Remove(share.Identity);
    }

    private sealed record Waiter(long Bytes, Instant Until, Action<bool> Answer);

    private sealed class Share(string identity)
    {
        public string Identity { get; } = identity;

        public long Inside { get; set; }

        public int Members { get; set; }

        public LinkedList<Waiter> Waiting { get; } = new();
    }
}
