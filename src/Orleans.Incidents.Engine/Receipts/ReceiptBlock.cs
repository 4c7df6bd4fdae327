using System.Globalization;
using System.Text;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Engine.Receipts;

/// <summary>One request as a receipt block holds it.</summary>
public sealed record BlockRequest(string Identity, string Integration, Instant ReceivedAt, IReadOnlyList<BlockItem> Items);

/// <summary>One item of a request.</summary>
/// <param name="Alert">The alert's place in the request; several items of one alert share it.</param>
/// <param name="Stream">The journal's number of the group; 0: refused, or the group never existed.</param>
/// <param name="Version">The version that a repeat rests on, or of the event that is the effect.</param>
/// <param name="Place">The member repeated; -1: not a repeat.</param>
/// <param name="Ordinal">Of a repeat: which of the group's repeats it is, from 1.</param>
/// <param name="Reason">Of what was refused or changed nothing: the reason's name; else empty.</param>
/// <param name="Detail">Of what was refused: the detail.</param>
public sealed record BlockItem(int Alert, long Stream, long Version, int Place, long Ordinal, string Reason, string Detail)
{
    /// <summary>Of what was sent to the node that owns the group: the message's id, under which that node's receipt is found.</summary>
    public CommandId? Forward { get; init; }

    /// <summary>And which alert of that receipt's request it is.</summary>
    public int ForwardAlert { get; init; }
}

/// <summary>Reads what <see cref="BlockWriter"/> wrote.</summary>
public static class ReceiptBlock
{
    // A hundred years in milliseconds: no request waits longer for its flush.
    private const long MaxApart = 100L * 365 * 24 * 3600 * 1000;

    /// <summary>The requests in order.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a block.</exception>
    public static IReadOnlyList<BlockRequest> Read(ReadOnlySpan<byte> block, Instant sealedAt)
    {
        var reader = new Reader(block);
        var texts = Begin(ref reader, out var table);
        var requests = new BlockRequest[reader.Count()];
        for (var i = 0; i < requests.Length; i++)
            requests[i] = Request(ref reader, texts, table, sealedAt.ToUnixTimeMilliseconds());
        return requests;
    }

    /// <summary>Adds a block's repeats to what is known of groups by their stream number. Blocks are added in order.</summary>
    /// <param name="block">The block.</param>
    /// <param name="sealedAt">When its flush was sealed.</param>
    /// <param name="position">Its flush.</param>
    /// <param name="saved">What a group's row keeps, by its stream number; what is in it is not counted twice.</param>
    /// <param name="known">What was found so far.</param>
    public static void AddRepeats(
        ReadOnlySpan<byte> block, Instant sealedAt, long position, Func<long, SavedRepeats?> saved, Dictionary<long, (long Version, Repeats Repeats, long Position)> known)
    {
        foreach (var request in Read(block, sealedAt))
        {
            foreach (var item in request.Items.Where(i => i.Place >= 0))
            {
                var same = known.TryGetValue(item.Stream, out var before) && before.Version == item.Version;
                var row = same ? null : saved(item.Stream);
                if (row?.Version == item.Version && row.Through >= item.Ordinal)
                    continue;
                var repeats = same ? before.Repeats : row?.Version == item.Version ? row.Repeats : new Repeats(request.Identity, 0, request.ReceivedAt, default);
                var seen = repeats.Seen.With(item.Place, request.ReceivedAt);
                known[item.Stream] = (item.Version, repeats with { Count = repeats.Count + 1, Seen = seen }, same ? before.Position : position);
            }
        }
    }

    /// <summary>The stream numbers of the groups that a block's items name.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a block.</exception>
    public static IEnumerable<long> Groups(ReadOnlySpan<byte> block)
    {
        var reader = new Reader(block);
        Begin(ref reader, out var table);
        return table.Select(t => t.Stream).Distinct();
    }

    private static string[] Begin(ref Reader reader, out (long Stream, long Version, long Ordinal)[] table)
    {
        if (reader.Byte() != 1)
            throw new InvalidDataException("not a receipt block of a known version");
        var texts = new string[reader.Count()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = reader.Text();
        table = new (long Stream, long Version, long Ordinal)[reader.Count()];
        for (var i = 0; i < table.Length; i++)
            table[i] = (reader.Number(), reader.Number(), reader.Number());
        return texts;
    }

    private static BlockRequest Request(ref Reader reader, string[] texts, (long Stream, long Version, long Ordinal)[] table, long sealedAt)
    {
        var identity = Of(texts, reader.Number());
        var integration = Of(texts, reader.Number());
        var received = Received(sealedAt, reader.Signed());
        var items = new BlockItem[reader.Count()];
        var alert = -1;
        for (var i = 0; i < items.Length; i++)
        {
            var head = reader.Number();
            if ((head & 8) == 0)
                alert++;
            var kind = (ItemKind)(head & 7);
            items[i] = kind switch
            {
                ItemKind.Refused => new BlockItem(alert, 0, 0, -1, 0, Of(texts, reader.Number()), Of(texts, reader.Number())),
                ItemKind.Forwarded => Forwarded(alert, Of(texts, reader.Number()), reader.Number()),
                _ => Item(ref reader, texts, table, kind, alert, head >> 4),
            };
        }

        return new BlockRequest(identity, integration, received, items);
    }

    private static BlockItem Forwarded(int alert, string message, long place)
    {
        if (!UInt128.TryParse(message, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) || place is < 0 or > int.MaxValue)
            throw new InvalidDataException("the receipt block names no message");
        return new BlockItem(alert, 0, 0, -1, 0, nameof(Reason.Forwarded), "") { Forward = new CommandId(id), ForwardAlert = (int)place };
    }

    private static BlockItem Item(ref Reader reader, string[] texts, (long Stream, long Version, long Ordinal)[] table, ItemKind kind, int alert, long row)
    {
        ref var at = ref Of(table, row);
        return kind switch
        {
            ItemKind.RepeatOfFirst => new(alert, at.Stream, at.Version, 0, ++at.Ordinal, "", ""),
            ItemKind.Repeat => new(alert, at.Stream, at.Version, (int)reader.Number(), ++at.Ordinal, "", ""),
            ItemKind.Decided => new(alert, at.Stream, at.Version, -1, 0, "", ""),
            ItemKind.Unchanged => new(alert, at.Stream, at.Version, -1, 0, Of(texts, reader.Number()), ""),
            _ => throw new InvalidDataException("an item of an unknown kind"),
        };
    }

    private static ref T Of<T>(T[] all, long place)
    {
        if (place < 0 || place >= all.Length)
            throw new InvalidDataException("the receipt block names what it does not have");
        return ref all[place];
    }

    private static Instant Received(long sealedAt, long after) =>
        after is > -MaxApart and < MaxApart ? Instant.FromUnixTimeMilliseconds(sealedAt + after) : throw new InvalidDataException("a time in the receipt block is no time");

    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public byte Byte()
        {
            if (_rest.IsEmpty)
                throw new InvalidDataException("the receipt block ends too soon");
            var value = _rest[0];
            _rest = _rest[1..];
            return value;
        }

        public long Number()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = Byte();
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                    return (long)value;
            }
        }

        public long Signed()
        {
            var value = Number();
            return (long)((ulong)value >> 1) ^ -(value & 1);
        }

        public int Count()
        {
            var value = Number();
            return value >= 0 && value <= _rest.Length ? (int)value : throw new InvalidDataException("a count in the receipt block is too large");
        }

        public string Text()
        {
            var length = Count();
            var text = Encoding.UTF8.GetString(_rest[..length]);
            _rest = _rest[length..];
            return text;
        }
    }
}
