using System.Text.Json;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Turns;
using Incidents.Engine.Views;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;

namespace Incidents.Server.Api;

/// <summary>What failed for good and waits for an operator: messages kept aside, and pages that were given up.</summary>
internal static class DeadLettersApi
{
    private const int MaxWhy = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/dead-letters").WithTags("dead letters");
        group.MapGet("/", ListAsync).Describe<DeadLetterList>("What waits for a decision, newest first; filter by kind (message or page)", Access.Operator, Reason.InvalidValue, Reason.Malformed, Reason.ViewsBehind);
        group.MapGet("/{id}", OneAsync).Describe<DeadLetterAnswer>("One dead letter or page: what it says, and what was decided on it", Access.Operator, Reason.NoSuchLetter, Reason.NoSuchPage, Reason.Overloaded);
        Decide(group, "retry", why => new RetryLetter(why), why => new RetryGivenUp(why), isWhyRequired: false)
            .Describe<ActionAnswer>("Put the message back under its own id, or try the page again under its own id", Access.Operator, Decided).Takes<WhyBody>(isRequired: false);
        Decide(group, "discard", why => new DiscardLetter(why), why => new DiscardGivenUp(why), isWhyRequired: true)
            .Describe<ActionAnswer>("Let it go for good, and say why", Access.Operator, Decided).Takes<WhyBody>();
    }

    private static Reason[] Decided { get; } =
        [Reason.NoSuchLetter, Reason.NoSuchPage, Reason.LetterSettled, Reason.LetterEmpty, Reason.PageNotGivenUp, Reason.PageNeverTried, Reason.Malformed, Reason.MissingField, Reason.WrongType, Reason.TooLarge, Reason.Unstorable, Reason.Overloaded];

    private static async Task<IResult> ListAsync(HttpContext http, Runtime runtime, Credentials credentials, string? kind, long? cursor, int? limit, long? after, string? wait)
    {
        credentials.Operator(http);
        if (limit is < 1 or > 500)
            throw new RefusedException(Reason.InvalidValue, "limit goes from 1 to 500");
        await Positions.WaitAsync(http, runtime, after, wait);

        // Read before the rows: they may show more than is said, never less.
        var position = runtime.Projector.Position;
        Positions.Tell(http, position);
        var size = limit ?? 50;
        var rows = runtime.Letters.Letters(Kind(kind), cursor ?? 0, size + 1);
        var items = rows.Take(size).Select(row => Item(runtime.History, row));
        return TypedResults.Json(new { items, next = rows.Count > size ? rows[size - 1].Number : (long?)null, position }, Json.Options);
    }

    private static object Item(IJournalHistory history, LetterRow row) => new
    {
        row.Id, row.Kind, row.Since, row.To, row.Type, row.Incident, row.Attempts, lastError = row.Why, page = row.Kind == LetterKind.Page ? Page(Content(history, row.Id)) : null,
    };

    private static async Task<IResult> OneAsync(HttpContext http, Runtime runtime, Credentials credentials, string id)
    {
        credentials.Operator(http);
        var stream = Stream(id);
        var read = await IncidentsApi.InTimeAsync(runtime, runtime.Actors.ReadAsync(stream));
        return read.State switch
        {
            LetterState { Kept: { } kept } letter => TypedResults.Json(new
            {
                id, kind = LetterKind.Message, letter.Status, since = kept.At, to = kept.To, type = kept.Command is { } command ? Payloads.Write(command).Name : "",
                incident = LetterSubject.Incident(kept.To, kept.Command), kept.Attempts, lastError = kept.Why, kept.By, content = Said(kept.Command), letter.Decided, read.Version, read.Position,
            }, Json.Options),
            PageState { Status: not PageStatus.New } page => TypedResults.Json(new
            {
                id, kind = LetterKind.Page, page.Status, to = stream, incident = LetterSubject.OfPage(id), attempts = page.Attempt, page = Page(page.Content), read.Version, read.Position,
                lastError = LastError(runtime.History, stream),
            }, Json.Options),
            _ => throw NotFound(id),
        };
    }

    private static RouteHandlerBuilder Decide(
        IEndpointRouteBuilder group, string name, Func<string, ICommand> onLetter, Func<string, ICommand> onPage, bool isWhyRequired) =>
        group.MapPost($"/{{id}}/{name}", async (HttpContext http, Runtime runtime, Credentials credentials, string id) =>
        {
            var principal = credentials.Operator(http);
            var why = Why(await ActionBody.ReadAsync(http), isWhyRequired);
            var stream = Stream(id);
            var command = stream.Kind == ActorKind.Letter ? onLetter(why) : onPage(why);
            var answer = await IncidentsApi.InTimeAsync(runtime, runtime.Actors.CallAsync(CommandId.FromBytes(Guid.NewGuid().ToByteArray()), stream, principal.Caller, command));
            Positions.Tell(http, answer.Position);
            return Answer(id, answer);
        });

    private static IResult Answer(string id, CallAnswer answer) => answer.Reason is Reason.NoSuchLetter or Reason.NoSuchPage
        ? throw NotFound(id)
        : Problems.Status(answer.Reason) == 200
            ? TypedResults.Json(new { id, reason = answer.Reason.ToString(), answer.Changed, answer.Version, answer.Position }, Json.Options)
            : Problems.Result(answer.Reason, Details.Of(answer.Reason));

    // A message's id is 32 hexadecimal digits; a page's never is, because it has its step and round between hyphens.
    private static StreamId Stream(string id) => id switch
    {
        { Length: 32 } when id.All(char.IsAsciiHexDigitLower) => new StreamId(ActorKind.Letter, id),
        { Length: > 0 and <= 200 } when id.Contains('-', StringComparison.Ordinal) => StreamId.Page(id),
        _ => throw NotFound(id),
    };

    private static string Why(ActionBody? body, bool isRequired) => body?.Text?.Trim() switch
    {
        null or "" when isRequired => throw new RefusedException(Reason.MissingField, "the body needs {\"text\": \"…\"}: why it is discarded"),
        { Length: > MaxWhy } => throw new RefusedException(Reason.TooLarge, "the text has 1,000 characters at most"),
        var text => text ?? "",
    };

    private static object? Page(PageContent? page) => page is null ? null : new { page.Responder, page.Contact.Channel, page.Title, page.Severity, page.Service, page.Step, page.Round, page.At };

    private static PageContent? Content(IJournalHistory history, string page) =>
        history.Events(StreamId.Page(page), 1, 1) is [var first] ? (Payloads.Read(first.Envelope.Type, first.Envelope.Payload) as PageAttemptStarted)?.Content : null;

    private static string? LastError(IJournalHistory history, StreamId page) => history.Events(page, 1, 1000)
        .Select(e => Payloads.Read(e.Envelope.Type, e.Envelope.Payload))
        .Select(happened => happened switch { PageAttemptFailed f => $"{f.Why}: {f.Detail}", PageGivenUp g => $"{g.Why}: {g.Detail}", _ => null })
        .LastOrDefault(text => text is not null);

    private static JsonElement? Said(ICommand? command)
    {
        if (command is null)
            return null;
        using var json = JsonDocument.Parse(Payloads.Write(command).Bytes);
        return json.RootElement.Clone();
    }

    private static LetterKind? Kind(string? text) => text switch
    {
        null or "" => null,
        "message" => LetterKind.Message,
        "page" => LetterKind.Page,
        _ => throw new RefusedException(Reason.InvalidValue, "kind is message or page"),
    };

    private static RefusedException NotFound(string id) => new(Reason.NoSuchLetter, $"there is no dead letter '{(id.Length > 60 ? id[..60] : id)}'");
}
