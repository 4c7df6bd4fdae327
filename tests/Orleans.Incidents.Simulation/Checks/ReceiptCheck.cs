using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Receipts;
using Incidents.Grouping;
using Incidents.Simulation.Outside;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Checks;

/// <summary>Contract lines 9, 12 and 13: every accepted alert counts exactly once, as a repeat or by one event, and nothing counts without a receipt.</summary>
internal static class ReceiptCheck
{
    private sealed record Repeat(string By, Instant At, BlockItem Item);

    public static void Run(Image image, IReadOnlyList<Sent> sent)
    {
        var marks = image.Blocks.SelectMany(b => b).GroupBy(r => r.Integration).ToDictionary(g => g.Key, g => g.Count());
        foreach (var request in sent)
        {
            var times = marks.GetValueOrDefault(request.Mark);
            Must.Hold(times <= 1, () => $"{request.Mark} is accepted {times} times");
            Must.Hold(times == 1 || request.Answer is null, () => $"{request.Mark} was answered and is not there");
        }

        Groups(image);
    }

    /// <summary>Every effect on a group and every repeat has its receipt, and none has two.</summary>
    public static void Groups(Image image)
    {
        var items = image.Blocks.SelectMany(b => b).SelectMany(r => r.Items.Where(i => i.Stream > 0).Select(i => new Repeat(r.Identity, r.ReceivedAt, i))).ToLookup(r => r.Item.Stream);
        foreach (var group in image.Of(ActorKind.Group))
        {
            Effects(group, [.. items[group.Number].Select(i => i.Item).Where(i => i.Place < 0 && i.Reason.Length == 0)]);
            Repeats(group, [.. items[group.Number].Where(i => i.Item.Place >= 0)]);
        }
    }

    private static void Effects(StoredStream group, List<BlockItem> decided)
    {
        var effects = new HashSet<long>();
        for (var v = 1; v <= group.Happened.Count; v++)
        {
            if (group.Happened[v - 1] is GroupOpened or GroupReopened or AlertFired or AlertCounted or GroupAcknowledged or AlertsEnded { Why: Reason.ResolvedBySource })
                effects.Add(v);
        }

        foreach (var item in decided)
        {
            // What follows from the effect stands behind it, and the receipt names the last of it.
            var version = item.Version;
            while (group.Happened[(int)version - 1] is GroupEnded or FlappingBegan or ThresholdChanged or ThresholdReached or GroupMuted or MuteEnded or GroupMoved { Why: Reason.ReopenedWithinWindow })
                version--;
            Must.Hold(effects.Remove(version), () => $"{group.Id}: the receipt of version {version} is of no alert, or of one that has another");
        }

        Must.Hold(effects.Count == 0, () => $"{group.Id}: version {effects.First()} is the effect of an alert without a receipt");
    }

    private static void Repeats(StoredStream group, List<Repeat> repeats)
    {
        var ordinals = repeats.Select(r => r.Item.Ordinal).Order().ToList();
        Must.Hold(ordinals.Select((o, i) => o == i + 1).All(x => x), () => $"{group.Id}: repeats are numbered {string.Join(' ', ordinals)}");
        var byVersion = repeats.ToLookup(r => r.Item.Version);
        var state = GroupState.Initial;
        for (var v = 1; v <= group.Happened.Count; v++)
        {
            var here = byVersion[v - 1].ToList();
            if (group.Happened[v - 1] is AlertsRepeated covered)
                Covers(group, state, v, covered, here);
            else
                Must.Hold(here.Count == 0, () => $"{group.Id}: version {v} forgets {here.Count} repeats");
            state = GroupState.Evolve(state, group.Happened[v - 1]);
        }
    }

    private static void Covers(StoredStream group, GroupState before, int version, AlertsRepeated covered, List<Repeat> repeats)
    {
        Must.Hold(covered.Count == repeats.Count, () => $"{group.Id}: version {version} covers {covered.Count} repeats, receipts hold {repeats.Count}");
        Must.Hold(repeats.All(r => r.By == group.Events[version - 1].Actor), () => $"{group.Id}: version {version} books repeats to another identity");
        var watched = repeats.Where(r => before.Members[r.Item.Place].ExpiresAfter is not null).GroupBy(r => r.Item.Place)
            .Select(g => new MemberSeen(g.Key, g.Max(r => r.At))).OrderBy(m => m.Place).ToList();
        Must.Hold(Picture.Of(watched) == Picture.Of(covered.Members), () => $"{group.Id}: version {version} saw {Picture.Of(covered.Members)}, receipts hold {Picture.Of(watched)}");
    }
}
