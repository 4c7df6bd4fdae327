using Incidents.Audit;
using Incidents.Engine.Receipts;
using Incidents.Simulation.Checks;
using Incidents.Simulation.Outside;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Nodes.Checks;

/// <summary>
/// Contract lines 9 and 12 where there are several nodes: every accepted alert is in one place, at the end of its receipt; and what was
/// sent behind an answer is decided behind what was answered, whichever nodes were asked.
/// </summary>
internal static class ForwardCheck
{
    public static void Run(Image image, IReadOnlyList<Sent> sent)
    {
        var forwards = image.Blocks.SelectMany(b => b).SelectMany(r => r.Items).Where(i => i.Forward is not null).GroupBy(i => i.Forward!.Value).ToDictionary(g => g.Key, g => g.Count());
        var places = new HashSet<(long Position, int Number)>();
        foreach (var (id, count) in forwards.Where(f => !image.DeadLetters.Exists(l => l.Id == f.Key)))
        {
            Must.Hold(image.Requests.TryGetValue(id.Value, out var answer), () => $"what was handed over by {id} leads nowhere");
            Must.Hold(places.Add((answer.Position, answer.Number)), () => $"what was handed over by {id} is where another is");
            Must.Hold(At(image, answer.Position, answer.Number).Items.Count == count, () => $"{id} hands over {count} alerts, {At(image, answer.Position, answer.Number).Items.Count} arrived");
        }

        var bySender = Originals(image, places).ToLookup(r => r.Integration);
        foreach (var request in sent)
        {
            var here = bySender[request.Mark].ToList();
            Must.Hold(here.Count <= 1, () => $"{request.Mark} is accepted {here.Count} times");
            Must.Hold(here.Count == 1 || request.Answer is null, () => $"{request.Mark} was answered and is not there");
            foreach (var accepted in here)
                Follow(image, request, accepted);
        }

        ReceiptCheck.Groups(image);
        Order(image, sent, places);
    }

    private static void Order(Image image, IReadOnlyList<Sent> sent, HashSet<(long Position, int Number)> forwards)
    {
        var byMark = image.Blocks.SelectMany((block, i) => block.Select((r, number) => (Request: r, Place: (Position: (long)i + 1, Number: number))))
            .Where(r => !forwards.Contains(r.Place)).ToLookup(r => r.Request.Integration);
        var decided = sent.SelectMany(s => byMark[s.Mark].SelectMany(r => s.Items.Zip(r.Request.Items, (asked, item) => (Sent: s, asked.Group, Place: Decided(image, item, r.Place)))));
        foreach (var group in decided.Where(d => d.Place is not null).GroupBy(d => d.Group))
        {
            (Sent Sent, (long Position, int Number)? Place)? answered = null;
            foreach (var (later, _, place) in group.OrderByDescending(d => d.Place))
            {
                Must.Hold(
                    !(answered?.Sent.Moments.Answered < later.Moments.Sent),
                    () => $"{group.Key}: {answered!.Value.Sent.Mark} was answered before {later.Mark} was sent, and is decided behind it: at {answered.Value.Place}, not before {place}");
                if (later.Moments.Answered is { } moment && !(answered?.Sent.Moments.Answered <= moment))
                    answered = (later, place);
            }
        }
    }

    private static (long Position, int Number)? Decided(Image image, BlockItem item, (long Position, int Number) place) =>
        item.Forward is not { } forward ? place : image.Requests.TryGetValue(forward.Value, out var answer) ? (answer.Position, answer.Number) : null;

    private static void Follow(Image image, Sent request, BlockRequest accepted)
    {
        for (var i = 0; i < request.Items.Count; i++)
        {
            if (accepted.Items[i] is not { Forward: { } forward } item || image.DeadLetters.Exists(l => l.Id == forward))
                continue;
            var answer = image.Requests[forward.Value];
            var group = request.Items[i].Group;
            var found = At(image, answer.Position, answer.Number).Items
                .Count(f => f.Alert == item.ForwardAlert && (f.Stream > 0 ? image.Numbered[(int)f.Stream - 1].Id == group : f.Reason == nameof(Reason.NothingOpen)));
            Must.Hold(found >= 1, () => $"{request.Mark}: the receipt of an alert for {group} does not lead to it");
        }
    }

    private static IEnumerable<BlockRequest> Originals(Image image, HashSet<(long Position, int Number)> forwards) =>
        image.Blocks.SelectMany((block, i) => block.Where((_, number) => !forwards.Contains((i + 1, number))));

    private static BlockRequest At(Image image, long position, int number) => image.Blocks[(int)position - 1][number];
}
