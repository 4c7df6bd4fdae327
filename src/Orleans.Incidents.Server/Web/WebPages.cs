using System.Reflection;
using Incidents.Server.Edge;

namespace Incidents.Server.Web;

/// <summary>The live page at <c>/</c> and the sign-in link. The page holds no secret; what it shows it asks the API for.</summary>
internal static class WebPages
{
    private static readonly (string Path, byte[] Content, string Type)[] Files =
    [
        ("/", Read("index.html"), "text/html; charset=utf-8"),
        ("/app.js", Read("app.js"), "text/javascript; charset=utf-8"),
        ("/timeline.js", Read("timeline.js"), "text/javascript; charset=utf-8"),
        ("/app.css", Read("app.css"), "text/css; charset=utf-8"),
        ("/icon.svg", Read("icon.svg"), "image/svg+xml"),
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (path, content, type) in Files)
            app.MapGet(path, (HttpContext http) => Page(http, content, type)).ExcludeFromDescription();
        app.MapGet("/sign-in/{token}", SignIn).ExcludeFromDescription();
    }

    private static IResult SignIn(HttpContext http, Sessions sessions, string token)
    {
        if (sessions.Redeem(token) is not { } cookie)
            return TypedResults.Problem("the link was used before or is older than ten minutes; restart the server or use: token reset", statusCode: 403, title: "Link not valid");
        http.Response.Cookies.Append(Sessions.Cookie, cookie, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = Sessions.CookieLife.ToTimeSpan(), Path = "/",
        });

        // A redirect from another site's link would not carry a strict cookie: the page goes on by itself.
        return TypedResults.Content("<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=/\"><a href=\"/\">Signed in.</a>", "text/html; charset=utf-8");
    }

    private static IResult Page(HttpContext http, byte[] content, string type)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(content, type);
    }

    private static byte[] Read(string name)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
