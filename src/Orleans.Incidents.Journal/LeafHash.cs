using System.Buffers;
using System.Buffers.Binary;
using Incidents.Audit;
using Incidents.Engine;

namespace Incidents.Journal;

/// <summary>
/// The leaf of a flush in the Merkle log: position, id and time, then the hash of every event in order, then the hash of the
/// receipt block (32 zero bytes when there is none).
/// </summary>
internal sealed class LeafHash
{
    private readonly ArrayBufferWriter<byte> _entry = new(256);

    public LeafHash(long position, Decisions.CommandId id, NodaTime.Instant time)
    {
        Number(position);
        _entry.Write(id.ToBytes());
        Number(Time.Nanoseconds(time));
    }

    public void Add(byte[] eventHash) => _entry.Write(eventHash);

    public byte[] Finish(byte[]? blockHash)
    {
        _entry.Write(blockHash ?? new byte[32]);
        return MerkleLog.Leaf(_entry.WrittenSpan);
    }

    private void Number(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _entry.Write(bytes);
    }
}
