using System.Net.Http.Headers;
using System.Text;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Identities;
using Incidents.Server.Api;

namespace Incidents.Server.Edge;

/// <summary>Who is calling: the identity that answers for the request, and the integration when the credential is one's.</summary>
internal sealed record Principal(IdentityDefinition Identity, IntegrationDefinition? Integration)
{
    public Caller Caller => new(Identity.Id, Identity.Kind);
}

/// <summary>Finds out who is calling.</summary>
internal sealed class Credentials(Func<Registry> registry, Sessions sessions, TimeProvider clock)
{
    /// <summary>The caller of a request for people and programs; refused when nobody, expired, or not allowed to operate.</summary>
    public Principal Operator(HttpContext http)
    {
        var principal = Find(Token(http, pathToken: null)) ?? BySession(http) ?? throw new RefusedException(Reason.NoCredential, NoCredential);
        return principal.Identity.MayOperate && principal.Integration is null
            ? principal
            : throw new RefusedException(Reason.WrongCredential, $"{principal.Identity.Id} may not operate; use the token of an identity with may_operate");
    }

    /// <summary>The caller of an intake address.</summary>
    public Principal Sender(HttpContext http, string? pathToken) =>
        Find(Token(http, pathToken)) ?? throw new RefusedException(Reason.NoCredential, NoCredential);

    /// <summary>
    /// The caller of an address that takes operators and senders. A token in the query counts before the header, which may
    /// hold what another service's client puts there.
    /// </summary>
    public Principal OperatorOrSender(HttpContext http) =>
        (http.Request.Query.TryGetValue("token", out var token) ? Find(token) : null) ?? Find(Token(http, pathToken: null)) ?? BySession(http)
        ?? throw new RefusedException(Reason.NoCredential, NoCredential);

    /// <summary>The caller that a token alone stands for.</summary>
    public Principal? Find(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        var known = registry();
        if (known.Integration(token) is { } integration)
            return Alive(new Principal(known.Catalogue.Identities[integration.Identity], integration));
        return known.Identity(token) is { } identity ? Alive(new Principal(identity, null)) : null;
    }

    private const string NoCredential = "the request has no credential that anybody holds: send 'Authorization: Bearer TOKEN'";

    private Principal Alive(Principal principal) => Time.Now(clock) < principal.Identity.ExpiresAt
        ? principal
        : throw new RefusedException(Reason.CredentialExpired, $"the authority of {principal.Identity.Id} ended at {principal.Identity.ExpiresAt}");

    private Principal? BySession(HttpContext http)
    {
        if (sessions.Find(http.Request.Cookies[Sessions.Cookie]) is not { } id || !registry().Catalogue.Identities.TryGetValue(id, out var identity))
            return null;

        // A browser sends the cookie with anything; only our own page may change something with it.
        var isSafe = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (!isSafe && http.Request.Headers["Sec-Fetch-Site"] != "same-origin")
            throw new RefusedException(Reason.WrongCredential, "a signed-in browser may only act from this server's own page");
        return Alive(new Principal(identity, null));
    }

    private static string? Token(HttpContext http, string? pathToken)
    {
        if (AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header) && header.Parameter is { Length: > 0 } value)
        {
            // amtool and many senders know only user and password: the password is the token.
            if (header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
                return Password(value);
            return value;
        }

        return pathToken ?? (http.Request.Query.TryGetValue("token", out var query) ? query.ToString() : null);
    }

    private static string? Password(string basic)
    {
        var bytes = new byte[basic.Length];
        if (!Convert.TryFromBase64String(basic, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
