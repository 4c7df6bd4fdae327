namespace Incidents.Engine.Turns;

/// <summary>
/// What waits for its turn. Timers, people and deliveries come first; then chains, so that a problem that was taken up gets to
/// its page before another begins; then new alerts, of which some get their turn in any case. Within a part the order is that of posting.
/// </summary>
internal sealed class ReadyQueue(bool prioritise)
{
    private const int Urgent = 0;
    private const int Tried = 1;
    private const int Chains = 2;
    private const int Alerts = 3;

    private static readonly int[] Everything = [Urgent, Tried, Chains, Alerts];
    private static readonly int[] Following = [Tried, Chains];

    private readonly LinkedList<Work>[] _parts = [new(), new(), new(), new()];

    /// <summary>Whether chains wait for what the process before this one left of them, so that they keep their order.</summary>
    public bool HoldsChains { get; set; }

    /// <summary>Whether new alerts wait for alerts that the process before this one left.</summary>
    public bool HoldsAlerts { get; set; }

    public bool IsEmpty => First(chains: false) is null;

    /// <summary>Whether something goes on with what was taken up before.</summary>
    public bool HasChains => First(chains: true) is not null;

    /// <summary>How many timers, people and deliveries wait.</summary>
    public int Pressing => _parts[Urgent].Count;

    /// <summary>What is taken next, at most so many, as things stand.</summary>
    public IEnumerable<Work> NextOnes(int most, bool chains) => Open(chains).SelectMany(p => _parts[p]).Take(most);

    /// <summary>Everything that waits, in order of priority.</summary>
    public IEnumerable<Work> All => _parts.SelectMany(p => p);

    public void Add(Work work) => _parts[PartOf(work)].AddLast(work);

    /// <summary>Puts works that ran before in front of others of their kind, in their order.</summary>
    public void Return(List<Work> again)
    {
        for (var i = again.Count - 1; i >= 0; i--)
            _parts[PartOf(again[i])].AddFirst(again[i]);
    }

    /// <summary>Takes the next one.</summary>
    /// <param name="chains">Of chains alone.</param>
    public Work? Take(bool chains)
    {
        if (First(chains) is not { } part)
            return null;
        var work = part.First!.Value;
        part.RemoveFirst();
        return work;
    }

    /// <summary>Takes the next new alerts, whatever comes before them; <see langword="null"/>: there are none that may be taken.</summary>
    public Work? TakeNew()
    {
        if (_parts[Alerts].First is not { Value: var work } || IsHeld(Alerts))
            return null;
        _parts[Alerts].RemoveFirst();
        return work;
    }

    public void Remove(Work work) => _parts[PartOf(work)].Remove(work);

    /// <summary>Removes messages whose makers were dropped: they are made again when those run again.</summary>
    public void RemoveUnmade()
    {
        foreach (var part in _parts)
        {
            for (var node = part.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value is MessageWork { IsUnmade: true })
                    part.Remove(node);
                node = next;
            }
        }
    }

    /// <summary>Removes messages, as they came or as the request that one holds, and returns them.</summary>
    public List<MessageWork> RemoveMessages(Func<MessageWork, bool> which)
    {
        var removed = _parts.SelectMany(p => p).Where(w => TurnEngine.Message(w) is { } message && which(message)).ToList();
        removed.ForEach(Remove);
        return removed.ConvertAll(w => TurnEngine.Message(w)!);
    }

    /// <summary>Removes everything that no message holds, and returns it in order.</summary>
    public List<Work> RemoveAsked()
    {
        var removed = _parts.SelectMany(p => p).Where(w => TurnEngine.Message(w) is null).ToList();
        removed.ForEach(Remove);
        return removed;
    }

    /// <summary>Removes messages at the end whose maker just broke off.</summary>
    public void RemoveLastUnmade()
    {
        foreach (var part in _parts)
        {
            while (part.Last?.Value is MessageWork { IsUnmade: true })
                part.RemoveLast();
        }
    }

    private LinkedList<Work>? First(bool chains)
    {
        foreach (var part in chains ? Following : Everything)
        {
            if (_parts[part].Count > 0 && !IsHeld(part))
                return _parts[part];
        }

        return null;
    }

    private IEnumerable<int> Open(bool chains) => (chains ? Following : Everything).Where(p => !IsHeld(p));

    private bool IsHeld(int part) => (HoldsChains && part == Chains) || (HoldsAlerts && part == Alerts);

    private int PartOf(Work work) => work switch
    {
        _ when !prioritise => Alerts,
        MessageWork { AtOnce: true, Suspicion: Suspicion.Tried } or RequestWork { Mail.Suspicion: Suspicion.Tried } => Tried,
        MessageWork { Command: TakeAlerts } => Alerts,
        MessageWork { AtOnce: true } => Chains,
        RequestWork => Alerts,
        _ => Urgent,
    };
}
