using System.Text;
using Incidents.Engine.Receipts;
using Incidents.Fuzz.Grammar;
using NodaTime;

namespace Incidents.Fuzz.Targets;

/// <summary>Receipt blocks: bytes that are none are refused as such, and nothing else happens.</summary>
internal sealed class ReceiptBlockTarget : ITarget
{
    private static readonly Instant Sealed = Instant.FromUtc(2026, 11, 28, 12, 0);

    public string Name => "receipt-block";

    public double Share => 0.7;

    public IReadOnlyList<byte[]> Corpus { get; } = [Make(new Random(1), 1), Make(new Random(2), 2), Make(new Random(3), 5), [1, 0, 0, 0]];

    public IReadOnlyList<byte[]> Words { get; } = [[.. Leb128.Of(-1)], [.. Leb128.Of(long.MaxValue)], [.. Leb128.Of(int.MaxValue)], [.. Leb128.Of(1L << 32)], [0x80], [7], [4], [8], [0x18]];

    public byte[] Make(Random random) => Make(random, random.Next(4));

    public string Run(byte[] input)
    {
        try
        {
            var requests = ReceiptBlock.Read(input, Sealed);
            var known = new Dictionary<long, (long Version, Grouping.Repeats Repeats, long Position)>();
            ReceiptBlock.AddRepeats(input, Sealed, 7, _ => null, known);
            return $"{Math.Min(requests.Count, 4)} {string.Concat(requests.SelectMany(r => r.Items).Take(4).Select(i => i.Place < 0 ? 'd' : 'r'))} {Math.Min(known.Count, 3)}";
        }
        catch (InvalidDataException refused)
        {
            return refused.Message;
        }
    }

    private static byte[] Make(Random random, int requests)
    {
        string[] texts = ["id", "integration", "Repeated", "why"];
        var table = random.Next(1, 4);
        List<byte> block = [1, .. Leb128.Of(texts.Length), .. texts.SelectMany(t => Leb128.Of(t.Length).Concat(Encoding.UTF8.GetBytes(t)))];
        block.AddRange(Leb128.Of(table));
        for (var i = 0; i < 3 * table; i++)
            block.AddRange(Leb128.Of(random.Next(1, 300)));
        block.AddRange(Leb128.Of(requests));
        for (var i = 0; i < requests; i++)
        {
            var items = random.Next(4);
            block.AddRange([.. Leb128.Of(0), .. Leb128.Of(1), .. Leb128.Of(random.Next(2000)), .. Leb128.Of(items)]);
            for (var item = 0; item < items; item++)
                block.AddRange(Item(random, table));
        }

        return [.. block];
    }

    private static IEnumerable<byte> Item(Random random, int table)
    {
        var kind = random.Next(5);
        var head = Leb128.Of(((long)random.Next(table) << 4) | ((long)random.Next(2) << 3) | (long)kind);
        return kind switch { 1 => head.Append((byte)random.Next(9)), 3 => head.Append((byte)2), 4 => [.. head, 2, 3], _ => head };
    }
}
