using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Incidents.Decisions;

/// <summary>
/// The durable id of one command, 128 bits. Everything that a turn creates derives its id from it, so that a command run
/// again makes the same things.
/// </summary>
public readonly record struct CommandId(UInt128 Value)
{
    private const int IncidentLength = 26;
    private const string Base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The id of the <paramref name="index"/>-th thing, from 0, that this command makes.</summary>
    public CommandId Derive(int index)
    {
        Span<byte> input = stackalloc byte[20];
        BinaryPrimitives.WriteUInt128BigEndian(input, Value);
        BinaryPrimitives.WriteInt32BigEndian(input[16..], index);
        return Hash(input);
    }

    /// <summary>The id that a text stands for, such as a sender's request id with its scope.</summary>
    public static CommandId Of(string text) => Hash(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// An incident's id: 26 characters of Crockford's base 32, a millisecond time stamp first, so that ids sort by age, and the shard of the
    /// service that it is opened on last.
    /// </summary>
    public string IncidentId(Instant now, int shard)
    {
        Span<char> text = stackalloc char[IncidentLength];
        var value = ((UInt128)(ulong)now.ToUnixTimeMilliseconds() << 80) | (Value & ((UInt128.One << 80) - 256)) | (byte)shard;
        for (var i = text.Length - 1; i >= 0; i--, value >>= 5)
            text[i] = Base32[(int)(value & 31)];
        return new string(text);
    }

    /// <summary>The shard that an incident's id carries; <see langword="null"/>: not such an id.</summary>
    public static int? ShardOf(string incident)
    {
        if (incident.Length != IncidentLength)
            return null;
        var (high, low) = (Base32.IndexOf(incident[^2], StringComparison.Ordinal), Base32.IndexOf(incident[^1], StringComparison.Ordinal));
        return high < 0 || low < 0 ? null : (byte)((high << 5) | low);
    }

    /// <summary>The 16 bytes, big-endian, as stored.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>Reads <see cref="ToBytes"/>' form.</summary>
    public static CommandId FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Reads <see cref="ToString"/>'s form.</summary>
    /// <exception cref="FormatException">Not such a text.</exception>
    public static CommandId Parse(string text) => text.Length == 32
        ? new(UInt128.Parse(text, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is not a command's id");

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32");

    private static CommandId Hash(ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        return FromBytes(hash[..16]);
    }
}
