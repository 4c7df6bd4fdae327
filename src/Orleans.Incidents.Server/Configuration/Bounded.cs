namespace Incidents.Server.Configuration;

/// <summary>Reads no more than it was told to, whatever the file's length claims: it may be a device or still be growing.</summary>
internal static class Bounded
{
    /// <summary>All bytes of a stream; <see langword="null"/> when there are more than <paramref name="limit"/>.</summary>
    public static byte[]? Read(Stream stream, int limit)
    {
        var buffer = new byte[limit + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > limit ? null : buffer[..length];
    }
}
