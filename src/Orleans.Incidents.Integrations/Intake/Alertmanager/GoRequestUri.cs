using System.Buffers;

namespace Incidents.Integrations.Intake.Alertmanager;

/// <summary>
/// What Alertmanager's schema check takes for a URI: what Go's <c>url.ParseRequestURI</c> parses (a scheme with anything
/// behind it, an absolute path, or a star). Observed on the server, which refuses the whole request otherwise.
/// </summary>
internal static class GoRequestUri
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Select(c => (char)c)]);

    private static readonly SearchValues<char> HostAscii =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!$&'()*+,;=:[]<>\"%");

    private static readonly SearchValues<char> UserInfo =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:~!$&'()*+,;=%@");

    /// <summary>Whether the text passes.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny(Controls))
            return false;
        if (text is "*")
            return true;
        if (!TryScheme(text, out var schemeLength))
            return false;
        var rest = text[schemeLength..];
        var query = rest.IndexOf('?');
        rest = query < 0 ? rest : rest[..query];
        if (!rest.StartsWith("/"))
            return schemeLength > 0;
        return rest.StartsWith("//") && (schemeLength > 0 || !rest.StartsWith("///")) ? IsHierarchy(rest[2..]) : HasGoodEscapes(rest);
    }

    // The length includes the colon; 0 when there is no scheme. False for a colon with nothing before it.
    private static bool TryScheme(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiLetter(text[i]) || (i > 0 && (char.IsAsciiDigit(text[i]) || text[i] is '+' or '-' or '.')))
                continue;
            if (text[i] == ':')
                length = i + 1;
            return text[i] != ':' || i > 0;
        }

        return true;
    }

    private static bool IsHierarchy(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        var authority = slash < 0 ? text : text[..slash];
        var at = authority.LastIndexOf('@');
        if (at >= 0 && (authority[..at].ContainsAnyExcept(UserInfo) || !HasGoodEscapes(authority[..at])))
            return false;
        return IsHost(authority[(at + 1)..]) && (slash < 0 || HasGoodEscapes(text[slash..]));
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        foreach (var c in host)
        {
            if (c < 0x80 && !HostAscii.Contains(c))
                return false;
        }

        var bracket = host.StartsWith("[") ? host.LastIndexOf(']') : 0;
        if (bracket < 0 || !HasHostEscapes(host))
            return false;
        var after = host[bracket..];
        var colon = bracket > 0 ? 1 : after.LastIndexOf(':');
        if (bracket > 0 && after.Length > 1 && after[1] != ':')
            return false;
        return colon < 0 || colon >= after.Length || !after[(colon + 1)..].ContainsAnyExceptInRange('0', '9');
    }

    // In a host only bytes beyond ASCII may be escaped, and the per cent sign itself (before an IPv6 zone).
    private static bool HasHostEscapes(ReadOnlySpan<char> host)
    {
        for (var at = host.IndexOf('%'); at >= 0; host = host[(at + 1)..], at = host.IndexOf('%'))
        {
            if (!IsEscape(host[at..]) || (host[at + 1] < '8' && !host[at..].StartsWith("%25")))
                return false;
        }

        return true;
    }

    private static bool HasGoodEscapes(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('%'); at >= 0; text = text[(at + 1)..], at = text.IndexOf('%'))
        {
            if (!IsEscape(text[at..]))
                return false;
        }

        return true;
    }

    private static bool IsEscape(ReadOnlySpan<char> text) =>
        text.Length > 2 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]);
}
