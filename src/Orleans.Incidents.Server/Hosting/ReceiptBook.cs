using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Incidents.Engine;
using Incidents.Engine.Receipts;
using Incidents.Journal;

namespace Incidents.Server.Hosting;

/// <summary>
/// Receipt ids: flush position, request, a short MAC over both, and the alert's place, all hexadecimal. They cost no row,
/// cannot be guessed, and lead straight to the block that is the proof.
/// </summary>
internal sealed class ReceiptBook(IJournalHistory history, JournalSecrets secrets)
{
    /// <summary>The ids of the receipts of a request's alerts, by their places.</summary>
    public IReadOnlyList<string> Ids(long position, int request, IEnumerable<int> alerts)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{position:x}-{request:x}");
        var prefix = $"{text}-{Mac(position, text)}-";
        return [.. alerts.Select(a => prefix + a.ToString("x", CultureInfo.InvariantCulture))];
    }

    /// <summary>The places of the alerts that a request was accepted with; <see langword="null"/>: its block is pruned.</summary>
    public IReadOnlyList<int>? Accepted(long position, int request)
    {
        if (history.Block(position) is not { } block)
            return null;
        var requests = ReceiptBlock.Read(block.Bytes, block.SealedAt);
        return request < requests.Count ? [.. requests[request].Items.Where(i => i.Detail.Length == 0).Select(i => i.Alert).Distinct()] : null;
    }

    /// <summary>The request that a receipt belongs to, and the alert's place; <see langword="null"/>: not a receipt of ours, or its block is pruned.</summary>
    public (BlockRequest Request, int Alert, long Position)? Find(string id)
    {
        var parts = id.Split('-');
        if (parts.Length != 4 || !long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var position)
            || !int.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) || number < 0)
            return null;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac(position, $"{parts[0]}-{parts[1]}")), Encoding.UTF8.GetBytes(parts[2])))
            return null;
        if (!int.TryParse(parts[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var alert))
            return null;
        if (history.Block(position) is not { } block)
            return null;
        var requests = ReceiptBlock.Read(block.Bytes, block.SealedAt);
        return number < requests.Count ? (requests[number], alert, position) : null;
    }

    /// <summary>
    /// What became of an alert that was sent to the process that owns its group: that one's items; empty: it has not come to it yet.
    /// </summary>
    public IReadOnlyList<BlockItem> Follow(BlockItem item)
    {
        if (item.Forward is not { } message || history.Request(message) is not var (position, number) || history.Block(position) is not { } block)
            return [];
        return [.. ReceiptBlock.Read(block.Bytes, block.SealedAt)[number].Items.Where(i => i.Alert == item.ForwardAlert)];
    }

    private string Mac(long position, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(secrets.At(position), Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
}
