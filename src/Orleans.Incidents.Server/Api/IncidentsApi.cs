using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Engine.Views;
using Incidents.Incidents;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;

namespace Incidents.Server.Api;

/// <summary>Incidents: list, one, its timeline, and what people do with it.</summary>
internal static class IncidentsApi
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/incidents").WithTags("incidents");
        group.MapGet("/", ListAsync).Describe<IncidentList>("Newest first; filter by status (or 'open'), severity, service", Access.Operator, Reason.InvalidValue, Reason.Malformed, Reason.ViewsBehind);
        group.MapGet("/{id}", OneAsync).Describe<IncidentAnswer>("One incident, as it is now", Access.Operator, Reason.NoSuchIncident, Reason.Overloaded);
        group.MapGet("/{id}/timeline", Timeline).Describe<TimelineAnswer>("Everything that happened, in order of happening", Access.Operator, Reason.NoSuchIncident, Reason.Malformed);
        Action(group, "acknowledge", (_, _) => new AcknowledgeIncident());
        Action(group, "resolve", (_, _) => new ResolveIncident());
        Action(group, "reopen", (_, _) => new ReopenIncident());
        Action(group, "close", (_, _) => new CloseIncident());
        Action(group, "severity", (body, _) => new ChangeSeverity(Severity(body))).Takes<SeverityBody>();
        Action(group, "note", (body, _) => new AddNote(Text(body))).Takes<NoteBody>();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, Runtime runtime, Credentials credentials, string? status, string? severity, string? service, string? cursor, int? limit, long? after, string? wait)
    {
        credentials.Operator(http);
        if (limit is < 1 or > 500)
            throw new RefusedException(Reason.InvalidValue, "limit goes from 1 to 500");
        var filter = new IncidentFilter(Status(status), severity is null ? null : Severity(severity), service, status == "open", cursor, (limit ?? 50) + 1);
        await Positions.WaitAsync(http, runtime, after, wait);

        // Read before the rows: they may show more than is said, never less.
        var position = runtime.Projector.Position;
        Positions.Tell(http, position);
        var rows = runtime.Views.List(filter);
        var page = rows.Take(filter.Limit - 1).ToList();
        return TypedResults.Json(new { items = page, next = rows.Count > page.Count ? page[^1].Id : null, position }, Json.Options);
    }

    private static async Task<IResult> OneAsync(HttpContext http, Runtime runtime, Credentials credentials, string id)
    {
        credentials.Operator(http);
        var read = await InTimeAsync(runtime, runtime.Actors.ReadAsync(StreamId.Incident(Known(id))));
        var state = (IncidentState)read.State;
        if (state.Status == IncidentStatus.None)
            throw NotFound(id);
        http.Response.Headers.ETag = Preconditions.Tag(read.Version);
        Positions.Tell(http, read.Position);
        return TypedResults.Json(new
        {
            id, state.Service, state.Title, state.Severity, state.Status, state.Kind, state.Labels, state.OpenedAt, state.ResolvedAt, state.AcknowledgedBy, state.AcknowledgedUntil,
            problems = state.Problems, firingGroups = state.Groups.Count, flapping = Flapping(state), state.Escalation, policy = state.Steps, read.Version, read.Position,
        }, Json.Options);
    }

    private static object? Flapping(IncidentState state) => state.Flapping.IsEmpty ? null : state.Flapping.OrderBy(f => f.Key.Key, StringComparer.Ordinal)
        .Select(f => new { group = f.Key, f.Value.Times, f.Value.Since, summary = $"flapping {f.Value.Times} times in {Routing.DurationText.Format(NodaTime.Duration.FromSeconds((long)(f.Value.Until - f.Value.Since).TotalSeconds))}" });

    private static IResult Timeline(HttpContext http, Runtime runtime, Credentials credentials, string id, int? limit)
    {
        credentials.Operator(http);
        var timeline = Timelines.Of(runtime.History, Known(id), Math.Clamp(limit ?? 1000, 1, 10_000));
        return timeline.Count == 0 ? throw NotFound(id) : TypedResults.Json(new { items = timeline, next = (string?)null }, Json.Options);
    }

    private static IEndpointConventionBuilder Action(IEndpointRouteBuilder group, string name, Func<ActionBody?, string, ICommand> command) =>
        group.MapPost($"/{{id}}/{name}", async (HttpContext http, Runtime runtime, Credentials credentials, string id) =>
        {
            var principal = credentials.Operator(http);
            var body = await ActionBody.ReadAsync(http);
            var seen = Preconditions.Seen(http.Request);
            var given = http.Request.Headers["Idempotency-Key"].ToString();
            var key = given.Length > 0 ? CommandId.Of($"call:{principal.Identity.Id}:{name}:{id}:{given}") : CommandId.FromBytes(Guid.NewGuid().ToByteArray());
            var answer = await InTimeAsync(runtime, runtime.Actors.CallAsync(key, StreamId.Incident(Known(id)), principal.Caller, command(body, id), remembered: given.Length > 0, expected: seen));
            http.Response.Headers.ETag = Preconditions.Tag(answer.Version);
            Positions.Tell(http, answer.Position);
            return Answer(id, answer);
        }).Describe<ActionAnswer>(Summary(name), Access.Operator, Reason.NoSuchIncident, Reason.IncidentEnded, Reason.IncidentAlreadyOpen, Reason.ResolveFirst, Reason.ClosedStaysClosed,
                Reason.ClosingNeedsAHuman, Reason.Malformed, Reason.MissingField, Reason.InvalidValue, Reason.WrongType, Reason.TooLarge, Reason.Unstorable, Reason.Overloaded, Reason.ChangedMeanwhile)
            .Reads("If-Match", "the ETag that the incident was read with: act on that or not at all")
            .Reads("Idempotency-Key", "the caller's own id of this action: the same id again does nothing again");

    private static string Summary(string action) => action switch
    {
        "acknowledge" => "Take the incident on: escalation stops",
        "resolve" => "End the incident",
        "reopen" => "Open a resolved incident again",
        "close" => "End a resolved incident for good; a human only",
        "severity" => "Change how urgent the incident is",
        "note" => "Write something down",
        _ => $"{action} the incident",
    };

    private static IResult Answer(string id, CallAnswer answer)
    {
        if (answer is { Reason: Reason.NoSuchIncident } or { Reason: Reason.ChangedMeanwhile, Version: 0 })
            throw NotFound(id);
        return Problems.Status(answer.Reason) == 200
            ? TypedResults.Json(new { id, reason = answer.Reason.ToString(), answer.Changed, answer.Version, answer.Position }, Json.Options)
            : Problems.Result(answer.Reason, Details.Of(answer.Reason));
    }

    /// <summary>An answer of the engine; refused when it takes too long.</summary>
    internal static async Task<T> InTimeAsync<T>(Runtime runtime, Task<T> answer)
    {
        try
        {
            var said = await answer.WaitAsync(MaxWait, runtime.Clock);
            return said is CallAnswer { Reason: Reason.NodesOfAnOlderVersion }
                ? throw new RefusedException(Reason.NodesOfAnOlderVersion, Details.Of(Reason.NodesOfAnOlderVersion), Problems.Upgrading)
                : said;
        }
        catch (TimeoutException)
        {
            throw new RefusedException(Reason.Overloaded, "the journal did not answer in time; look again before you repeat it", NodaTime.Duration.FromSeconds(2));
        }
    }

    // Ids are 26 characters of Crockford's base 32; anything else cannot exist.
    private static string Known(string id) => id.Length == 26 && id.All(char.IsAsciiLetterOrDigit) ? id.ToUpperInvariant() : throw NotFound(id);

    private static RefusedException NotFound(string id) => new(Reason.NoSuchIncident, $"there is no incident '{(id.Length > 40 ? id[..40] : id)}'");

    private static IncidentStatus? Status(string? text) => text switch
    {
        null or "" or "open" => null,
        _ when Enum.TryParse<IncidentStatus>(text, ignoreCase: true, out var status) && status != IncidentStatus.None && !char.IsDigit(text[0]) => status,
        _ => throw new RefusedException(Reason.InvalidValue, "status is open, triage, active, resolved or closed"),
    };

    private static Severity Severity(string text) => text is "critical" or "error" or "warning" or "info"
        ? SeverityWords.Read(text)!.Value
        : throw new RefusedException(Reason.InvalidValue, "severity is critical, error, warning or info");

    private static Severity Severity(ActionBody? body) => Severity(body?.Severity ?? throw new RefusedException(Reason.MissingField, "the body needs {\"severity\": \"critical|error|warning|info\"}"));

    private static string Text(ActionBody? body) => body?.Text?.Trim() switch
    {
        null or "" => throw new RefusedException(Reason.MissingField, "the body needs {\"text\": \"…\"}"),
        { Length: > 10_000 } => throw new RefusedException(Reason.TooLarge, "a note has 10,000 characters at most"),
        var text => text,
    };
}
