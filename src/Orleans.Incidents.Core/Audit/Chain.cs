using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Incidents.Audit;

/// <summary>
/// The hash chain of a stream: SHA-256 over the previous hash and the envelope's fields, each with its length in front, the
/// payload by its own SHA-256, so that a redacted payload leaves the chain whole.
/// </summary>
public static class Chain
{
    /// <summary>What the first event of a stream is chained to: 32 zero bytes.</summary>
    public static ReadOnlySpan<byte> Start => new byte[32];

    /// <summary>The hash of an event behind a previous hash; <see cref="Envelope.Hash"/> itself is not looked at.</summary>
    /// <returns>32 bytes.</returns>
    public static byte[] Next(ReadOnlySpan<byte> previous, Envelope e)
    {
        Span<byte> start = stackalloc byte[1024];
        var writer = new Writer(start);
        writer.Bytes(previous);
        writer.Text(e.Stream);
        writer.Number(e.Version);
        writer.Text(e.Type);
        writer.Number(e.Schema);
        writer.Number(e.Time);
        writer.Text(e.Actor);
        writer.Text(e.OnBehalfOf);
        writer.Text(e.Delegation);
        writer.Text(e.Grant);
        writer.Text(e.Approval);
        writer.Text(e.Policy);
        writer.Text(e.Reason);
        Span<byte> payload = stackalloc byte[32];
        SHA256.HashData(e.Payload, payload);
        writer.Bytes(payload);
        return SHA256.HashData(writer.Written);
    }

    // Absent is the length -1, so that it never hashes like empty.
    private ref struct Writer(Span<byte> buffer)
    {
        private Span<byte> _buffer = buffer;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

        public void Text(string? text)
        {
            if (text is null)
            {
                BinaryPrimitives.WriteInt32BigEndian(Take(4), -1);
                return;
            }

            var size = Encoding.UTF8.GetByteCount(text);
            BinaryPrimitives.WriteInt32BigEndian(Take(4), size);
            Encoding.UTF8.GetBytes(text, Take(size));
        }

        public void Number(long value)
        {
            BinaryPrimitives.WriteInt32BigEndian(Take(4), 8);
            BinaryPrimitives.WriteInt64BigEndian(Take(8), value);
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            BinaryPrimitives.WriteInt32BigEndian(Take(4), bytes.Length);
            bytes.CopyTo(Take(bytes.Length));
        }

        private Span<byte> Take(int size)
        {
            if (_length + size > _buffer.Length)
            {
                Span<byte> larger = new byte[Math.Max(_buffer.Length * 2, _length + size)];
                Written.CopyTo(larger);
                _buffer = larger;
            }

            var taken = _buffer.Slice(_length, size);
            _length += size;
            return taken;
        }
    }
}
