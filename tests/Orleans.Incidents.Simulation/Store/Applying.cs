using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Store;

/// <summary>One flush becomes durable: heads, events, messages, requests, receipts. Holds the engine to what every flush promises.</summary>
internal sealed class Applying(Image image, Rules rules, int node = 0)
{
    /// <summary>Applies a flush and returns what it left out.</summary>
    /// <param name="flush">The flush.</param>
    /// <param name="lose">Commits that shall lose their head as if another writer had been there.</param>
    public IReadOnlyList<Commit> Apply(Flush flush, IReadOnlyList<Commit> lose)
    {
        var lost = Losers(flush, lose);
        HashSet<Entry> dropped = rules.LeaveOutDependents ? flush.Closure(lost) : [.. lost];
        RequestsAreWhole(flush, dropped);
        var position = image.Position + 1;
        foreach (var commit in flush.Commits.Where(c => !dropped.Contains(c)))
        {
            Append(commit, position);
            image.Story?.Add($"{position} {flush.SealedAt} {commit.Slot.Stream} v{commit.Expected}: {Command(commit.Work)} -> {commit.Reason} [{string.Join(", ", commit.Happened)}] sends [{string.Join(", ", commit.Made.Select(m => m.Command))}]");
        }

        Keep(flush, dropped);
        Messages(flush, dropped, position);
        foreach (var save in flush.Saves(dropped).Where(_ => rules.StoreRepeats))
            image.Save(save);
        var kept = flush.Requests.Where(r => !dropped.Contains(r)).ToList();
        Ids(flush, dropped, kept, position);
        var block = kept.Count == 0 || !rules.WriteReceipts ? null : BlockWriter.Write(kept, flush.SealedAt);
        image.AddFlush(new StoredFlush(flush.Id, flush.SealedAt, block, flush.UncoveredFrom == 0 ? position : flush.UncoveredFrom, lost, node));
        return lost;
    }

    /// <summary>Takes the place of a flush that never committed, so that it never can.</summary>
    public void Bar(Flush flush) => image.AddFlush(Empty(flush));

    /// <summary>Somebody else wrote into an incident since the flush's process read it, in a flush of its own.</summary>
    public void WriteForeign(Flush flush, StreamId incident)
    {
        var stream = image.Make(incident);
        var (type, payload) = Payloads.Write(new NoteAdded("other", "another process was here"));
        var note = new Envelope
        {
            Stream = stream.Id.ToString(), Version = stream.Events.Count + 1, Type = type, Schema = 1, Time = Engine.Time.Nanoseconds(flush.SealedAt),
            Actor = "other", Reason = nameof(Reason.Noted), Payload = payload, Hash = [],
        };
        image.Append(stream, note with { Hash = Chain.Next(stream.Hash, note) }, image.Position + 1);
        image.AddFlush(Empty(flush) with { Id = flush.Id.Derive(7) });
    }

    private StoredFlush Empty(Flush flush) => new(flush.Id, flush.SealedAt, null, image.Flushes.Count == 0 ? 1 : image.Flushes[^1].UncoveredFrom, []);

    /// <summary>The commits whose stream has moved on, or shall have.</summary>
    public List<Commit> Losers(Flush flush, IReadOnlyList<Commit> lose)
    {
        var lost = new List<Commit>();
        var versions = new Dictionary<StreamId, long>();
        foreach (var commit in flush.Commits.Where(c => c.Events.Count > 0))
        {
            var id = commit.Slot.Stream;
            var version = versions.TryGetValue(id, out var moved) ? moved : image.VersionOf(id);
            if (lose.Contains(commit) || (rules.CheckVersions && version != commit.Expected))
                lost.Add(commit);
            else
                versions[id] = version + commit.Events.Count;
        }

        return lost;
    }

    // The alerts of one request are accepted together: no crash may come between them.
    private static void RequestsAreWhole(Flush flush, HashSet<Entry> dropped)
    {
        var here = flush.Requests.Where(r => !dropped.Contains(r)).Select(r => r.Request).ToHashSet();
        foreach (var commit in flush.Commits.Where(c => !dropped.Contains(c)))
            Must.Hold(commit.Work is not RequestWork request || here.Contains(request), () => "a flush holds a part of a request without its receipt");
    }

    private void Append(Commit commit, long position)
    {
        if (commit.Events.Count > 0)
        {
            var stream = image.Make(commit.Slot.Stream);
            commit.Slot.Number = stream.Number;
            foreach (var envelope in commit.Events)
                image.Append(stream, envelope, position);
        }

        foreach (var keep in commit.Made.Where(m => commit.Consumed?.Command is not KeepLetter).Select(m => m.Command).OfType<KeepLetter>())
            image.DeadLetters.Add(new StoredDeadLetter(commit.Consumed!.Id, commit.Consumed.To, commit.Consumed.Command, keep.Why));
    }

    /// <summary>Keeps the states of what is stored for a faster load.</summary>
    public void Keep(Flush flush, HashSet<Entry> dropped)
    {
        foreach (var commit in flush.Commits.Where(c => c.Snapshot is not null && (!dropped.Contains(c) || !rules.SnapshotWithCommit)))
            image.Snapshots[commit.Slot.Stream] = new StoredSnapshot(commit.Expected + commit.Events.Count, Snapshots.FoldVersion, Snapshots.Write(commit.Snapshot!));
    }

    private void Ids(Flush flush, HashSet<Entry> dropped, List<RequestRecord> kept, long position)
    {
        if (!rules.StoreIds)
            return;
        for (var number = 0; number < kept.Count; number++)
        {
            if (kept[number].Request.Key is { } key)
                Must.Hold(image.Requests.TryAdd(key.Value, new RequestAnswer(position, number, null)), () => $"request {key} is stored twice");
        }

        foreach (var id in flush.Commits.Where(c => !dropped.Contains(c)).Select(c => c.Remembers).OfType<CommandId>())
            image.Requests.TryAdd(id.Value, new RequestAnswer(position, -1, null));
    }

    private void Messages(Flush flush, HashSet<Entry> dropped, long position)
    {
        var kept = flush.Entries.Where(c => !dropped.Contains(c)).ToList();
        var made = kept.SelectMany(c => c.Made).Select(m => m.Id.Value).ToHashSet();
        foreach (var entry in kept)
        {
            if (entry is Commit commit)
                InOrder(commit, commit.Consumed);
            if (entry.Consumed is not { } message)
                continue;
            Must.Hold(image.ConsumedMessages.Add(message.Id.Value), () => $"message {Name(message)} is consumed twice");
            Must.Hold(message.Stored ? image.Messages.Find(message.Id.Value) is not null : made.Contains(message.Id.Value),
                () => $"message {Name(message)} is consumed, but what made it is not durable");
        }

        foreach (var suspect in flush.Trials(dropped))
        {
            image.Messages.Find(suspect.Id.Value)!.Attempts++;
            image.Trials[suspect.Id.Value] = image.Trials.GetValueOrDefault(suspect.Id.Value) + 1;
        }

        foreach (var message in flush.ToDelete(dropped))
            image.Messages.Remove(message.Id.Value);
        foreach (var message in flush.ToStore(dropped).Where(_ => rules.StoreMessages))
        {
            Must.Hold(!image.ConsumedMessages.Contains(message.Id.Value), () => $"message {Name(message)} is made again after it was consumed");
            var row = new StoredMessage(message.Id, message.Lane, message.Due, message.To, message.By, message.Type, message.Payload) { Crossed = message.Crosses && rules.MarkCrossing ? position : 0 };
            Must.Hold(image.Messages.TryAdd(row), () => $"message {Name(message)} is made twice");
        }
    }

    // Contract line 11: what one actor says to another is heard in the order in which it was said.
    private void InOrder(Commit commit, MessageWork? consumed)
    {
        foreach (var made in commit.Made.Where(m => m.AtOnce))
            image.Made[made.Id.Value] = (commit.Slot.Stream, image.Made.Count);
        if (consumed is null || !image.Made.TryGetValue(consumed.Id.Value, out var from))
            return;
        var last = image.LastConsumed.GetValueOrDefault((from.By, consumed.To), -1);
        Must.Hold(from.Order > last, () => $"message {Name(consumed)} from {from.By} comes behind a later one");
        image.LastConsumed[(from.By, consumed.To)] = from.Order;
    }

    private static object Command(Work work) => work switch
    {
        MessageWork message => message.Command,
        CallWork call => call.Command,
        RequestWork request => request.Integration,
        _ => work.GetType().Name,
    };

    private static string Name(MessageWork message) => $"{message.Id} ({message.Command.GetType().Name} to {message.To})";
}
