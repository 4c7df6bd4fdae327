using System.Net;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration;

/// <summary>Judges an address to listen on.</summary>
internal static class ListenUrl
{
    /// <summary>
    /// What is wrong with it; <see langword="null"/>: nothing. A name other than <c>localhost</c> counts as beyond this
    /// machine, because the server then listens on all its addresses.
    /// </summary>
    public static string? Problem(string url, bool behindProxy)
    {
        var isTls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            return $"{ErrorList.Quote(url)} does not begin with http:// or https://";
        if (Split(url[(url.IndexOf("//", StringComparison.Ordinal) + 2)..].TrimEnd('/')) is not var (host, port))
            return $"{ErrorList.Quote(url)} is not of the form http://host:port";
        if (!int.TryParse(port, System.Globalization.NumberStyles.None, null, out var number) || number > ushort.MaxValue)
            return $"{ErrorList.Quote(url)} needs a port from 0 to 65535";
        return isTls || behindProxy || IsLoopback(host)
            ? null
            : $"{ErrorList.Quote(url)} would listen beyond this machine without TLS; use https, or --behind-proxy where a proxy in front provides TLS";
    }

    private static (string Host, string Port)? Split(string authority)
    {
        var colon = authority.LastIndexOf(':');
        if (authority.EndsWith(']') || colon < 0)
            return authority.Length == 0 || authority.Contains('/') ? null : (authority, "");
        var host = authority[..colon];
        var isHost = host is "*" or "+" || Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown;
        return isHost && host.Contains(':') == host.StartsWith('[') && host.StartsWith('[') == host.EndsWith(']') ? (host, authority[(colon + 1)..]) : null;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
