using System.Text.Json.Nodes;
using Incidents.Audit;
using Incidents.Server.Api.Answers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Incidents.Server.Api.Description;

/// <summary>Writes what a route says of itself into its operation.</summary>
internal sealed class OperationWriter : IOpenApiOperationTransformer
{
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["id"] = "the id, as a list or a receipt gave it",
        ["integration"] = "the integration's name",
        ["token"] = "the integration's token, for senders that cannot set a header",
        ["status"] = "open, triage, active, resolved or closed",
        ["severity"] = "critical, error, warning or info",
        ["service"] = "the service's id",
        ["identity"] = "the identity's id",
        ["cursor"] = "where the page before ended: its next",
        ["limit"] = "how many at most",
        ["kind"] = "message or page",
        ["index"] = "the contact's place, from 0",
        ["number"] = "the test's number, as its start answered it",
        ["format"] = "the format's name",
        ["wait"] = "how long to wait for that, from 0s to 30s; 2s when absent",
        ["after"] = "wait until the list shows this journal position",
    };

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<OperationNote>().LastOrDefault() is not { } note)
            return;
        operation.Summary = note.Summary;
        operation.OperationId = Id(context.Description.HttpMethod!, context.Description.RelativePath!);
        operation.Responses = [];
        foreach (var answer in metadata.OfType<AnswerNote>())
            await AnswerAsync(operation, context, answer, cancellationToken);
        await RefusalsAsync(operation, context, note, cancellationToken);
        if (metadata.OfType<BodyNote>().LastOrDefault() is { } body)
            operation.RequestBody = await BodyAsync(context, body, cancellationToken);
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            parameter.Description ??= Parameters.GetValueOrDefault(parameter.Name ?? "");
        foreach (var header in metadata.OfType<HeaderNote>())
            (operation.Parameters ??= []).Add(new OpenApiParameter { Name = header.Name, In = ParameterLocation.Header, Description = header.Meaning, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        operation.Security = [.. Schemes(note.Access).Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] })];
    }

    private static async Task AnswerAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, AnswerNote answer, CancellationToken cancel)
    {
        var media = answer.Type is null ? null : new OpenApiMediaType { Schema = await SchemaAsync(context, answer.Type, cancel), Example = answer.Example?.DeepClone() };
        Add(operation, answer.Status, answer.Status < 300 ? "done" : answer.Type == typeof(ProblemAnswer) ? (string)answer.Example!["title"]! : "refused, as the original says it", answer.MediaType, media);
    }

    private static async Task RefusalsAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, OperationNote note, CancellationToken cancel)
    {
        Reason[] credential = note.Access is Access.Operator or Access.Sender ? [Reason.NoCredential, Reason.CredentialExpired, Reason.WrongCredential] : [];
        foreach (var status in credential.Concat(note.Refusals).Distinct().GroupBy(Problems.Status).OrderBy(g => g.Key))
        {
            var example = Problems.Shown(status.First());
            Add(operation, status.Key, string.Join(", ", status), "application/problem+json", new OpenApiMediaType
            {
                Schema = await SchemaAsync(context, typeof(ProblemAnswer), cancel), Example = example,
            });
        }
    }

    private static void Add(OpenApiOperation operation, int status, string description, string mediaType, OpenApiMediaType? media)
    {
        var key = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (!operation.Responses!.TryGetValue(key, out var known))
            operation.Responses.Add(key, known = new OpenApiResponse { Description = description, Content = new Dictionary<string, OpenApiMediaType>() });
        else
            known.Description += "; " + description;
        if (media is not null)
            known.Content![mediaType] = media;
    }

    private static async Task<OpenApiRequestBody> BodyAsync(OpenApiOperationTransformerContext context, BodyNote body, CancellationToken cancel) => new()
    {
        Required = body.IsRequired,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new() { Schema = await SchemaAsync(context, body.Type, cancel), Example = body.Example.DeepClone() },
        },
    };

    private static async Task<IOpenApiSchema> SchemaAsync(OpenApiOperationTransformerContext context, Type type, CancellationToken cancel)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancel);
        if (type == typeof(string) || schema.Properties is not { Count: > 0 })
            return schema;
        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }

    private static string[] Schemes(Access access) => access switch
    {
        Access.Operator => ["bearer", "basic", "session"],
        Access.Sender => ["bearer", "basic", "query"],
        _ => [],
    };

    // postIncidentsIdAcknowledge
    private static string Id(string method, string path) => method.ToLowerInvariant() + string.Concat(
        path.Replace("api/v1/", "", StringComparison.Ordinal).Split('/', '{', '}', '-', ':').Where(p => p.Length > 0).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
}
