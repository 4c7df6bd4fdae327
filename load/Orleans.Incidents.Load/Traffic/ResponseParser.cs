using System.Buffers.Text;
using System.Text;

namespace Incidents.Load.Traffic;

/// <summary>How far the bytes received so far go.</summary>
internal enum ResponseState
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>One whole answer is there.</summary>
    Complete,

    /// <summary>These bytes are no HTTP/1.1 answer that leaves the connection usable.</summary>
    Malformed,
}

/// <summary>One answer at the start of a buffer.</summary>
/// <param name="Status">The status code; 0 until the header is complete.</param>
/// <param name="Length">Its bytes, header and body; 0 unless complete.</param>
internal readonly record struct Response(ResponseState State, int Status, int Length);

/// <summary>
/// Finds the end of one HTTP/1.1 answer (RFC 9112): a body of stated length, in chunks, or none. An answer that ends with the
/// connection counts as malformed, because the client keeps its connections.
/// </summary>
internal static class ResponseParser
{
    public static Response Read(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return new Response(ResponseState.Incomplete, 0, 0);
        var header = bytes[..end];
        if (!header.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(header[9..], out int status, out var digits) || digits != 3)
            return new Response(ResponseState.Malformed, 0, 0);
        var body = end + 4;
        if (Field(header, "connection") is "close")
            return new Response(ResponseState.Malformed, status, 0);
        if (Field(header, "transfer-encoding") is "chunked")
            return Chunked(bytes, body, status);
        return Sized(bytes, body, status, Field(header, "content-length"));
    }

    private static Response Sized(ReadOnlySpan<byte> bytes, int body, int status, string? length)
    {
        if (length is null)
            return status == 204 ? new Response(ResponseState.Complete, status, body) : new Response(ResponseState.Malformed, status, 0);
        if (!int.TryParse(length, out var count) || count < 0)
            return new Response(ResponseState.Malformed, status, 0);
        return bytes.Length - body >= count
            ? new Response(ResponseState.Complete, status, body + count)
            : new Response(ResponseState.Incomplete, status, 0);
    }

    private static Response Chunked(ReadOnlySpan<byte> bytes, int at, int status)
    {
        while (true)
        {
            var line = bytes[at..].IndexOf("\r\n"u8);
            if (line < 0)
                return new Response(ResponseState.Incomplete, status, 0);
            if (!Utf8Parser.TryParse(bytes.Slice(at, line), out int size, out _, 'x') || size < 0)
                return new Response(ResponseState.Malformed, status, 0);
            if (size > bytes.Length - at - line - 4)
                return new Response(ResponseState.Incomplete, status, 0);
            at += line + 2 + size + 2;
            if (size == 0)
                return new Response(ResponseState.Complete, status, at);
        }
    }

    private static string? Field(ReadOnlySpan<byte> header, string name)
    {
        foreach (var range in header.Split("\r\n"u8))
        {
            var line = header[range];
            var colon = line.IndexOf((byte)':');
            if (colon == name.Length && Ascii.EqualsIgnoreCase(line[..colon], name))
                return Encoding.ASCII.GetString(line[(colon + 1)..]).Trim().ToLowerInvariant();
        }

        return null;
    }
}
