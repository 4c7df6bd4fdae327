using System.Text.Json;
using System.Text.Json.Nodes;
using Incidents.Audit;
using Incidents.Server.Api.Answers;

namespace Incidents.Server.Api.Description;

/// <summary>
/// The declaration beside a route, for /openapi/v1.json: what it does, who may call it, what comes back and why it may refuse. A route without one fails a test.
/// </summary>
/// <example><c>group.MapGet("/{id}", OneAsync).Describe&lt;IncidentAnswer&gt;("One incident", Access.Operator, Reason.NoSuchIncident);</c></example>
internal static class Describing
{
    /// <summary>Answers 200 with a JSON body.</summary>
    public static IEndpointConventionBuilder Describe<TAnswer>(this IEndpointConventionBuilder route, string summary, Access access, params Reason[] refusals)
        where TAnswer : IShown<TAnswer> => route.Describe<TAnswer>(200, summary, access, refusals);

    /// <summary>Answers a status with a JSON body.</summary>
    public static IEndpointConventionBuilder Describe<TAnswer>(this IEndpointConventionBuilder route, int status, string summary, Access access, params Reason[] refusals)
        where TAnswer : IShown<TAnswer> => route.WithMetadata(new OperationNote(summary, access, refusals), Answer<TAnswer>(status));

    /// <summary>Answers 200 with a text, or with nothing when there is no media type.</summary>
    public static IEndpointConventionBuilder DescribeText(this IEndpointConventionBuilder route, string? mediaType, string summary, Access access, params Reason[] refusals) =>
        route.WithMetadata(new OperationNote(summary, access, refusals), new AnswerNote(200, mediaType is null ? null : typeof(string), mediaType ?? "", null));

    /// <summary>May answer this, too.</summary>
    public static IEndpointConventionBuilder AlsoAnswers<TAnswer>(this IEndpointConventionBuilder route, int status)
        where TAnswer : IShown<TAnswer> => route.WithMetadata(Answer<TAnswer>(status));

    /// <summary>May answer a JSON string, too.</summary>
    public static IEndpointConventionBuilder AlsoAnswersText(this IEndpointConventionBuilder route, int status, string example) =>
        route.WithMetadata(new AnswerNote(status, typeof(string), "application/json", JsonValue.Create(example)));

    /// <summary>May refuse with a problem that has no reason of its own.</summary>
    public static IEndpointConventionBuilder AlsoRefuses(this IEndpointConventionBuilder route, int status, string title) => route.WithMetadata(
        new AnswerNote(status, typeof(ProblemAnswer), "application/problem+json", new JsonObject { ["title"] = title, ["status"] = status }));

    /// <summary>Takes a body. Its Content-Type is not looked at: many senders give a wrong one.</summary>
    public static IEndpointConventionBuilder Takes<TBody>(this IEndpointConventionBuilder route, bool isRequired = true)
        where TBody : IShown<TBody> => route.WithMetadata(new BodyNote(typeof(TBody), isRequired, Node(TBody.Example)));

    /// <summary>Reads a header.</summary>
    public static IEndpointConventionBuilder Reads(this IEndpointConventionBuilder route, string header, string meaning) => route.WithMetadata(new HeaderNote(header, meaning));

    private static IEndpointConventionBuilder WithMetadata(this IEndpointConventionBuilder route, params object[] items)
    {
        route.Add(endpoint =>
        {
            foreach (var item in items)
                endpoint.Metadata.Add(item);
        });
        return route;
    }

    private static AnswerNote Answer<TAnswer>(int status)
        where TAnswer : IShown<TAnswer> => new(status, typeof(TAnswer), "application/json", Node(TAnswer.Example));

    private static JsonNode Node<T>(T example) => JsonSerializer.SerializeToNode(example, Json.Options)!;
}
