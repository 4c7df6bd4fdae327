using System.Buffers;
using System.Text;
using Incidents.Audit;
using Incidents.Engine.Turns;
using NodaTime;

namespace Incidents.Engine.Receipts;

/// <summary>What a receipt block says of one item.</summary>
internal enum ItemKind
{
    /// <summary>A repeat of the group's first member: the commonest case costs least.</summary>
    RepeatOfFirst = 0,

    /// <summary>A repeat of another member, whose place follows.</summary>
    Repeat = 1,

    /// <summary>A rule decided and the stream's event of that version is the effect.</summary>
    Decided = 2,

    /// <summary>A rule decided that nothing changes; the reason follows.</summary>
    Unchanged = 3,

    /// <summary>Refused; reason and detail follow.</summary>
    Refused = 4,

    /// <summary>Sent to the node that owns the group; the message's id and the alert's place in it follow.</summary>
    Forwarded = 5,
}

/// <summary>
/// Writes the receipt block of a flush: the texts it uses, a table of (stream number, version, repeats before), then the
/// requests with an index into the table and a kind for each item. All numbers are LEB128 varints, signed ones zigzag; times
/// are milliseconds relative to the flush. One to three bytes a repeat.
/// </summary>
public sealed class BlockWriter
{
    private readonly ArrayBufferWriter<byte> _items = new(256);
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<(StreamSlot Slot, long Version, bool Repeats), int> _places = [];
    private readonly List<(StreamSlot Slot, long Version, long Ordinal)> _table = [];
    private int _requests;

    /// <summary>The block of these requests; every stream has its number by now.</summary>
    public static byte[] Write(IEnumerable<RequestRecord> requests, Instant sealedAt)
    {
        var writer = new BlockWriter();
        foreach (var request in requests)
            writer.Add(request, sealedAt.ToUnixTimeMilliseconds());
        return writer.Finish();
    }

    private void Add(RequestRecord record, long sealedAt)
    {
        _requests++;
        var request = record.Request;
        Number(_items, Text(request.By.Id));
        Number(_items, Text(request.Integration));
        Signed(_items, request.ReceivedAt.ToUnixTimeMilliseconds() - sealedAt);
        Number(_items, request.Items.Count);
        for (var i = 0; i < record.Outcomes.Length; i++)
            Add(record.Outcomes[i], request.Items[i], i > 0 && request.Items[i].Index == request.Items[i - 1].Index);
    }

    private void Add(in ItemOutcome outcome, RequestItem item, bool sameAlert)
    {
        var kind = outcome switch
        {
            { Forward: not null } => ItemKind.Forwarded,
            { Slot: null } => ItemKind.Refused,
            { Place: 0 } => ItemKind.RepeatOfFirst,
            { Place: > 0 } => ItemKind.Repeat,
            { Changed: true } => ItemKind.Decided,
            _ => ItemKind.Unchanged,
        };
        var place = outcome.Slot is null ? 0 : Place(outcome);
        Number(_items, ((long)place << 4) | (sameAlert ? 8L : 0) | (long)kind);
        switch (kind)
        {
            case ItemKind.Repeat:
                Number(_items, outcome.Place);
                break;
            case ItemKind.Unchanged:
                Number(_items, Text(outcome.Reason.ToString()));
                break;
            case ItemKind.Forwarded:
                Number(_items, Text(outcome.Forward!.Value.ToString()));
                Number(_items, outcome.ForwardAlert);
                break;
            case ItemKind.Refused:
                Number(_items, Text(outcome.Reason.ToString()));
                Number(_items, Text(item.Refused!.Detail));
                break;
            default:
                break;
        }
    }

    private int Place(in ItemOutcome outcome)
    {

        // Repeats are counted up from their row, so nothing else may have made it.
        var key = (outcome.Slot!, outcome.Version, outcome.Place >= 0);
        if (_places.TryGetValue(key, out var place))
            return place;
        _places.Add(key, place = _table.Count);
        _table.Add((outcome.Slot!, outcome.Version, outcome.Ordinal));
        return place;
    }

    private int Text(string text)
    {
        if (!_texts.TryGetValue(text, out var place))
            _texts.Add(text, place = _texts.Count);
        return place;
    }

    private byte[] Finish()
    {
        var block = new ArrayBufferWriter<byte>(_items.WrittenCount + 64 + (_table.Count * 8));
        block.Write([(byte)1]);
        Number(block, _texts.Count);
        foreach (var text in _texts.Keys)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Number(block, bytes.Length);
            block.Write(bytes);
        }

        Number(block, _table.Count);
        foreach (var (slot, version, ordinal) in _table)
        {
            Number(block, slot.Number);
            Number(block, version);
            Number(block, ordinal);
        }

        Number(block, _requests);
        block.Write(_items.WrittenSpan);
        return block.WrittenSpan.ToArray();
    }

    private static void Signed(ArrayBufferWriter<byte> to, long value) => Number(to, (value << 1) ^ (value >> 63));

    private static void Number(ArrayBufferWriter<byte> to, long value)
    {
        var span = to.GetSpan(10);
        var length = 0;
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
            span[length++] = (byte)(rest | 0x80);
        span[length++] = (byte)rest;
        to.Advance(length);
    }
}
