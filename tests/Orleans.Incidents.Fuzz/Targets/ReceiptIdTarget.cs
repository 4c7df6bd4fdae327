using System.Text;
using Incidents.Server.Hosting;

namespace Incidents.Fuzz.Targets;

/// <summary>Receipt ids, against the journal of a running server: what was not issued is not found, whatever it looks like.</summary>
internal sealed class ReceiptIdTarget(ReceiptBook book, IReadOnlyList<string> issued) : ITarget
{
    public string Name => "receipt-id";

    public double Share => 1;

    public IReadOnlyList<byte[]> Corpus { get; } = [.. issued.Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<byte[]> Words { get; } = [.. new[] { "-", "--", "0", "f", "ffffffffffffffff", "7fffffffffffffff", "7fffffff", "80000000", " ", "+1", "0x1", "A", "1-0", "é" }.Select(Encoding.UTF8.GetBytes)];

    public byte[] Make(Random random)
    {
        var parts = issued[random.Next(issued.Count)].Split('-');
        parts[random.Next(parts.Length)] = Encoding.UTF8.GetString(Words[random.Next(Words.Count)]);
        return Encoding.UTF8.GetBytes(string.Join('-', parts));
    }

    public string Run(byte[] input)
    {
        var id = Encoding.UTF8.GetString(input);
        if (book.Find(id) is not var (_, alert, position))
            return $"none {id.Count(c => c == '-')}";
        Law.Holds(issued.Any(i => i[..i.LastIndexOf('-')] == id[..id.LastIndexOf('-')]), $"{id} was never issued");
        return $"{alert < 0} {position > 0}";
    }
}
