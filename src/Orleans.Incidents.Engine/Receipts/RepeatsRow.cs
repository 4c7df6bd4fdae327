using Incidents.Grouping;
using NodaTime;

namespace Incidents.Engine.Receipts;

/// <summary>The stored form of a group's saved repeats, without the version, which is a column of its own.</summary>
public static class RepeatsRow
{
    /// <summary>The bytes: identity, count, last ordinal, first time, then place and time of each member; times in milliseconds since 1970.</summary>
    public static byte[] Write(SavedRepeats saved)
    {
        using var bytes = new MemoryStream(64);
        using (var writer = new BinaryWriter(bytes))
        {
            writer.Write(saved.Repeats.By);
            writer.Write7BitEncodedInt64(saved.Repeats.Count);
            writer.Write7BitEncodedInt64(saved.Through);
            writer.Write7BitEncodedInt64(saved.Repeats.Since.ToUnixTimeMilliseconds());
            foreach (var seen in saved.Repeats.Seen.InOrder())
            {
                writer.Write7BitEncodedInt(seen.Place);
                writer.Write7BitEncodedInt64(seen.At.ToUnixTimeMilliseconds());
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Reads <see cref="Write"/>'s form.</summary>
    public static SavedRepeats Read(long version, byte[] row)
    {
        using var bytes = new MemoryStream(row);
        using var reader = new BinaryReader(bytes);
        var (by, count, through, since) = (reader.ReadString(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), Time(reader));
        var seen = default(LastSeen);
        while (bytes.Position < bytes.Length)
            seen = seen.With(reader.Read7BitEncodedInt(), Time(reader));
        return new SavedRepeats(version, new Repeats(by, count, since, seen), through);
    }

    private static Instant Time(BinaryReader reader) => Instant.FromUnixTimeMilliseconds(reader.Read7BitEncodedInt64());
}
