using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Responders;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using NodaTime;

namespace Incidents.Server.Api;

/// <summary>Tests of a person's contacts: would a page arrive?</summary>
internal static class ContactTestsApi
{
    private const int MaxEvents = 1000;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/responders/{id}").WithTags("responders");
        group.MapPost("/test", (HttpContext http, Runtime runtime, Credentials credentials, Func<Registry> registry, string id) => TestAsync(http, runtime, credentials, registry, id, null))
            .Describe<TestResult>("Send a marked test to every contact; answers when all of them ended, or after 5 seconds", Access.Operator, Refusals).AlsoAnswers<TestResult>(202);
        group.MapPost("/contacts/{index:int}/test", TestAsync).Describe<TestResult>("Send a marked test to one contact, counted from 0", Access.Operator, Refusals).AlsoAnswers<TestResult>(202);
        group.MapGet("/tests/{number:long}", One).Describe<TestResult>("How a test ended", Access.Operator).AlsoRefuses(404, "No such test");
    }

    private static Reason[] Refusals { get; } = [Reason.NoSuchResponder, Reason.NoSuchContact, Reason.TestOverBudget, Reason.Overloaded];

    private static async Task<IResult> TestAsync(HttpContext http, Runtime runtime, Credentials credentials, Func<Registry> registry, string id, int? index)
    {
        var principal = credentials.Operator(http);
        if (!registry().Catalogue.Responders.ContainsKey(id))
            throw NotFound(id);
        var key = CommandId.FromBytes(Guid.NewGuid().ToByteArray());
        var answer = await IncidentsApi.InTimeAsync(runtime, runtime.Actors.CallAsync(key, StreamId.Responder(id), principal.Caller, new TestResponder(index)));
        if (answer.Reason != Reason.TestSent)
            return Refused(http, answer.Reason);
        var result = await EndAsync(runtime, id, answer.Version, http.RequestAborted);
        if (result.Ended)
            return TypedResults.Json(result, Json.Options);
        http.Response.Headers.Location = $"/api/v1/responders/{id}/tests/{answer.Version}";
        return TypedResults.Json(result, Json.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult Refused(HttpContext http, Reason reason)
    {
        if (reason != Reason.TestOverBudget)
            return Problems.Result(reason, Details.Of(reason));
        var wait = TestRules.Budget.Period / TestRules.Budget.Count;
        http.Response.Headers.RetryAfter = Problems.Seconds(wait);
        return Problems.Result(reason, Details.Of(reason), wait);
    }

    // The result is written down by the pipeline itself; whoever waits here only looks.
    private static async Task<TestResult> EndAsync(Runtime runtime, string id, long number, CancellationToken cancel)
    {
        var until = runtime.Clock.GetUtcNow() + MaxWait;
        while (true)
        {
            var result = Find(runtime.History, id, number)!;
            if (result.Ended || runtime.Clock.GetUtcNow() >= until)
                return result;
            await Task.Delay(LookAgain, runtime.Clock, cancel);
        }
    }

    private static IResult One(HttpContext http, Runtime runtime, Credentials credentials, string id, long number)
    {
        credentials.Operator(http);
        return id.Length <= 64 && number > 0 && Find(runtime.History, id, number) is { } result
            ? TypedResults.Json(result, Json.Options)
            : TypedResults.Problem("there is no such test of this responder", statusCode: 404, title: "No such test");
    }

    // A test is known by its event's place in the responder's stream.
    private static TestResult? Find(IJournalHistory history, string id, long number)
    {
        var events = history.Events(StreamId.Responder(id), number, MaxEvents);
        if (events.Count == 0 || Payloads.Read(events[0].Envelope.Type, events[0].Envelope.Payload) is not ResponderTested tested)
            return null;
        var ended = events.Where(e => e.Envelope.Type == "responder.test-ended").Select(e => (TestEnded)Payloads.Read(e.Envelope.Type, e.Envelope.Payload)).ToList();
        var pages = tested.Pages.Select(p => ended.FindLast(e => e.Page == p) is { } end
            ? new TestPageResult(p, end.Verdict == DeliveryVerdict.Delivered ? "delivered" : "failed", end.Why.ToString(), end.Detail)
            : new TestPageResult(p, "under way", null, null)).ToList();
        return new TestResult(number, id, tested.By, Time.Instant(events[0].Envelope.Time), pages.TrueForAll(p => p.Reason is not null), pages);
    }

    private static RefusedException NotFound(string id) => new(Reason.NoSuchResponder, $"there is no responder '{(id.Length > 64 ? id[..64] : id)}'");
}

/// <summary>What became of a test.</summary>
/// <param name="Number">Its number among what happened to the responder.</param>
/// <param name="Ended">Whether every contact's part has ended.</param>
internal sealed record TestResult(long Number, string Responder, string By, Instant At, bool Ended, IReadOnlyList<TestPageResult> Pages) : IShown<TestResult>
{
    public static TestResult Example { get; } = new(7, "anna", "olga", Examples.At, true, [new TestPageResult("test-anna-7-0", "delivered", "Accepted", "webhook: HTTP 200")]);
}

/// <summary>What became of a test at one contact.</summary>
/// <param name="Status">Delivered, failed, or under way.</param>
/// <param name="Reason">The delivery reason; <see langword="null"/> while it is under way.</param>
internal sealed record TestPageResult(string Id, string Status, string? Reason, string? Detail);
