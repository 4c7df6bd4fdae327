using Incidents.Decisions;

namespace Incidents.Engine.Turns;

/// <summary>The shards that a node owns.</summary>
internal sealed class ShardMap(IShardReader reader, EngineRules rules)
{
    private readonly bool[] _owned = new bool[StreamId.Shards];
    private readonly long[] _diedBefore = new long[StreamId.Shards];

    public IShardReader Reader => reader;

    /// <summary>In ascending order.</summary>
    public IReadOnlyList<int> Owned { get; private set; } = [];

    /// <summary>The flush up to which the mail of other nodes is read.</summary>
    public long MailRead { get; private set; }

    public bool Owns(int shard) => _owned[shard];

    /// <summary>Whether a stored message was there when its shard was taken from a node that had died.</summary>
    public bool MayHaveKilled(MessageWork message) => rules.SuspectTaken && !message.IsMail && message.Due <= _diedBefore[message.To.Shard];

    public void Add(ShardsTaken taken, long now)
    {
        if (Owned.Count == 0 || !rules.KeepMailPlace)
            MailRead = taken.Position;
        foreach (var (shard, afterDeath) in taken.Shards)
            (_owned[shard], _diedBefore[shard]) = (true, afterDeath ? now : long.MinValue);
        List();
    }

    public void Remove(IEnumerable<int> shards)
    {
        foreach (var shard in shards)
            _owned[shard] = false;
        List();
    }

    public IReadOnlyList<MessageWork> ReadMail()
    {
        var mail = reader.Mail(MailRead, Owned);
        MailRead = mail.Position;
        return mail.Messages;
    }

    private void List() => Owned = [.. Enumerable.Range(0, StreamId.Shards).Where(s => _owned[s])];
}
