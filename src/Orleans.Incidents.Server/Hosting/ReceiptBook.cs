using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Incidents.Engine;
using Incidents.Engine.Receipts;

namespace Incidents.Server.Hosting;

/// <summary>
/// Receipt ids: flush position, request, alert and a short MAC, all hexadecimal. They cost no row, cannot be guessed, and
/// lead straight to the block that is the proof.
/// </summary>
internal sealed class ReceiptBook(IJournalHistory history, byte[] secret)
{
    /// <summary>The id of one alert's receipt.</summary>
    public string Id(long position, int request, int alert)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{position:x}-{request:x}-{alert:x}");
        return $"{text}-{Mac(text)}";
    }

    /// <summary>The request that a receipt belongs to, and the alert's place; <see langword="null"/>: not a receipt of ours, or its block is pruned.</summary>
    public (BlockRequest Request, int Alert, long Position)? Find(string id)
    {
        var parts = id.Split('-');
        if (parts.Length != 4 || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac(string.Join('-', parts[..3]))), Encoding.UTF8.GetBytes(parts[3])))
            return null;
        var numbers = parts[..3].Select(p => long.Parse(p, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToArray();
        if (history.Block(numbers[0]) is not { } block)
            return null;
        var requests = ReceiptBlock.Read(block.Bytes, block.SealedAt);
        return numbers[1] < requests.Count ? (requests[(int)numbers[1]], (int)numbers[2], numbers[0]) : null;
    }

    private string Mac(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
}
