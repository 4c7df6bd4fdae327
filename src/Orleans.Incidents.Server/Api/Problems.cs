using Incidents.Audit;
using Incidents.Engine;
using Incidents.Journal;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Logging;
using Microsoft.AspNetCore.Diagnostics;

namespace Incidents.Server.Api;

/// <summary>A request is refused for a named reason. Thrown only in the server's edge, turned into an answer in one place.</summary>
internal sealed class RefusedException(Reason reason, string detail, NodaTime.Duration? retryAfter = null) : Exception(detail)
{
    public Reason Reason { get; } = reason;

    public NodaTime.Duration? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the ledger of refusals has it already.</summary>
    public bool IsCounted { get; init; }

    /// <summary>What else the answer says.</summary>
    public IReadOnlyDictionary<string, object?> More { get; init; } = new Dictionary<string, object?>();
}

/// <summary>Marks the addresses that take alerts in.</summary>
internal sealed record IntakeRoute;

/// <summary>The one place that knows HTTP status codes: RFC 9457 problem details for every named reason.</summary>
internal static class Problems
{
    /// <summary>The status of an answer that carries a reason.</summary>
    public static int Status(Reason reason) => reason switch
    {
        Reason.Malformed or Reason.TooDeep or Reason.WrongType or Reason.MissingField or Reason.InvalidValue or Reason.EmptyLabels or Reason.TooManyAlerts => 400,
        Reason.NoCredential or Reason.CredentialExpired => 401,
        Reason.WrongCredential or Reason.ClosingNeedsAHuman or Reason.SponsorMissing => 403,
        Reason.UnknownIntegration or Reason.NoSuchIncident or Reason.NoSuchLetter or Reason.NoSuchPage or Reason.NoSuchResponder or Reason.NoSuchContact => 404,
        Reason.IncidentEnded or Reason.ResolveFirst or Reason.ClosedStaysClosed or Reason.IncidentAlreadyOpen => 409,
        Reason.LetterSettled or Reason.LetterEmpty or Reason.PageNotGivenUp or Reason.PageNeverTried => 409,
        Reason.ChangedMeanwhile => 412,
        Reason.TooLarge => 413,
        Reason.NoRoute or Reason.Unstorable or Reason.SchemaViolation => 422,
        Reason.OverRequestBudget or Reason.TestOverBudget => 429,
        Reason.Overloaded or Reason.ViewsBehind or Reason.Standby or Reason.OwnerUnreachable or Reason.NodesOfAnOlderVersion => 503,
        _ => 200,
    };

    /// <summary>When to ask again for what waits for nodes of an older version to leave.</summary>
    public static NodaTime.Duration Upgrading { get; } = NodaTime.Duration.FromSeconds(10);

    /// <summary>The answer of a refusal.</summary>
    public static IResult Result(Reason reason, string detail, NodaTime.Duration? retryAfter = null, IReadOnlyDictionary<string, object?>? more = null, int? status = null)
    {
        var extensions = new Dictionary<string, object?>(more ?? new Dictionary<string, object?>(), StringComparer.Ordinal) { ["reason"] = reason.ToString() };
        if (retryAfter is { } wait)
            extensions["retryAfterSeconds"] = Math.Ceiling(wait.TotalSeconds);
        return TypedResults.Problem(
            detail, statusCode: status ?? Status(reason), title: Title(reason), type: $"urn:incidents:reason:{reason}", extensions: extensions);
    }

    /// <summary>What the API's description shows of a reason.</summary>
    public static System.Text.Json.Nodes.JsonObject Shown(Reason reason) => new()
    {
        ["type"] = $"urn:incidents:reason:{reason}", ["title"] = Title(reason), ["status"] = Status(reason), ["reason"] = reason.ToString(),
    };

    /// <summary>The answer where a format is named that there is not, with those there are.</summary>
    public static IResult UnknownFormat(string format)
    {
        return TypedResults.Problem(
            $"there is no format called '{(format.Length > 60 ? format[..60] + "…" : format)}'; there are {string.Join(", ", Formats.All)}", statusCode: 404, title: "Unknown format", extensions: [new("formats", Formats.All)]);
    }

    /// <summary>Seconds for a Retry-After header, at least 1.</summary>
    public static string Seconds(NodaTime.Duration wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Turns refusals into their answers, and anything unforeseen into a 500 that shows nothing of the inside.</summary>
    public static void Use(WebApplication app)
    {
        // A refusal is an answer, not an error of the server: only what is unforeseen is logged, and that in Answer.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => Answer(http, http.Features.Get<IExceptionHandlerFeature>()!),
            SuppressDiagnosticsCallback = _ => true,
            AllowStatusCode404Response = true,
        });
        app.UseStatusCodePages(async context =>
        {
            var http = context.HttpContext;
            await TypedResults.Problem(statusCode: http.Response.StatusCode).ExecuteAsync(http);
        });
    }

    private static Task Answer(HttpContext http, IExceptionHandlerFeature thrown)
    {
        var error = thrown.Error;

        // What is left of a body that is too large is not read: the sender must not put its next request behind it.
        if (error is RefusedException { Reason: Reason.TooLarge } or BadHttpRequestException { StatusCode: 413 })
            http.Response.Headers.Connection = "close";
        switch (error)
        {
            case RefusedException refused:
                Count(http, thrown, refused);
                if (refused.RetryAfter is { } wait)
                    http.Response.Headers.RetryAfter = Seconds(wait);
                if (refused.Reason == Reason.NoCredential)
                    http.Response.Headers.WWWAuthenticate = "Bearer";
                return Result(refused.Reason, refused.Message, refused.RetryAfter, refused.More).ExecuteAsync(http);
            case OwnerUnreachableException unreachable:
                http.Response.Headers.RetryAfter = Seconds(NodaTime.Duration.FromSeconds(1));
                return Result(Reason.OwnerUnreachable, unreachable.Message, NodaTime.Duration.FromSeconds(1)).ExecuteAsync(http);
            case JournalFailureException passing:
                http.Response.Headers.RetryAfter = Seconds(NodaTime.Duration.FromSeconds(1));
                return Result(Reason.Overloaded, $"the journal cannot be read at the moment: {passing.Message}").ExecuteAsync(http);
            case BadHttpRequestException bad:
                var reason = bad.StatusCode == 413 ? Reason.TooLarge : Reason.Malformed;
                return TypedResults.Problem(bad.Message, statusCode: bad.StatusCode, title: Title(reason), extensions: [new("reason", reason.ToString())]).ExecuteAsync(http);
            default:
                Measure.Failed();

                // The route, not the path: a path may hold a token.
                Log.UnforeseenError(http.RequestServices.GetRequiredService<Runtime>().Log, error, http.Request.Method, (thrown.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no route", http.TraceIdentifier);
                return TypedResults.Problem("an unforeseen error; the server's log has it under this trace id", statusCode: 500, title: "Unforeseen error",
                    extensions: [new("traceId", http.TraceIdentifier)]).ExecuteAsync(http);
        }
    }

    // Whoever sends alerts without a good credential is somebody's silent monitor: it is counted and seen. Nobody knows its identity.
    private static void Count(HttpContext http, IExceptionHandlerFeature thrown, RefusedException refused)
    {
        if (refused.IsCounted || thrown.Endpoint?.Metadata.GetMetadata<IntakeRoute>() is null)
            return;
        var runtime = http.RequestServices.GetRequiredService<Runtime>();
        var registry = http.RequestServices.GetRequiredService<Func<Registry>>()();
        var integration = thrown.RouteValues?["integration"] is string name && registry.Catalogue.Integrations.ContainsKey(name) ? name : "";
        runtime.Refusals.Add("", integration, refused.Reason, refused.Message);
    }

    // "OverRequestBudget" reads "Over request budget".
    private static string Title(Reason reason)
    {
        var name = reason.ToString();
        var words = string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
        return words;
    }
}
