using System.Text;

namespace Incidents.Load.Requests;

/// <summary>Whole HTTP requests as finished bytes, so that the client only copies while it measures.</summary>
internal sealed class RequestSet
{
    private RequestSet(byte[][] requests, int batch)
    {
        Requests = requests;
        Batch = batch;
    }

    /// <summary>Header and body together, to be sent in turn.</summary>
    public byte[][] Requests { get; }

    /// <summary>How many alerts each request carries.</summary>
    public int Batch { get; }

    /// <summary>The fewest requests that name every key; the last wraps around to fill its batch.</summary>
    /// <param name="token">Sent to every peer, also to those that ignore it: all get the same bytes.</param>
    public static RequestSet Covering(string prefix, int keys, int batch, string token)
    {
        var requests = new byte[(keys + batch - 1) / batch][];
        for (var i = 0; i < requests.Length; i++)
            requests[i] = Render(AlertText.Array(prefix, i * batch, batch, keys), token);
        return new RequestSet(requests, batch);
    }

    /// <summary>One request for each key once: only the last may be shorter.</summary>
    /// <param name="endsAt">When the alerts end; <see langword="null"/>: they do not say.</param>
    public static RequestSet Once(string prefix, int keys, int batch, string token, string? endsAt = null)
    {
        var requests = new byte[(keys + batch - 1) / batch][];
        for (var i = 0; i < requests.Length; i++)
            requests[i] = Render(AlertText.Array(prefix, i * batch, Math.Min(batch, keys - (i * batch)), keys, endsAt), token);
        return new RequestSet(requests, batch);
    }

    private static byte[] Render(byte[] body, string token)
    {
        var header = $"POST /api/v2/alerts HTTP/1.1\r\nHost: localhost\r\nUser-Agent: incidents-load\r\nContent-Type: application/json\r\n"
            + $"Authorization: Bearer {token}\r\nContent-Length: {body.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(header), .. body];
    }
}
