using System.Text.Json.Serialization.Metadata;
using Incidents.Alerts;
using Incidents.Decisions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace Incidents.Server.Api.Description;

/// <summary>Schemas as <see cref="Json"/> writes: our own types are texts, what may be absent is not required.</summary>
internal sealed class SchemaWriter : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var nullable = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type);
        var type = nullable ?? context.JsonTypeInfo.Type;
        if (type == typeof(Instant))
            Text(schema, nullable is not null, "date-time", "an instant in UTC");
        else if (type == typeof(Duration))
            Text(schema, nullable is not null, null, "a duration in Prometheus' form, such as 5m or 1h30m");
        else if (type == typeof(StreamId))
            Text(schema, nullable is not null, null, "kind/key");
        else if (type == typeof(LabelSet))
            Labels(schema);
        else if (schema.Enum is { Count: > 0 })
            (schema.Type, schema.Description) = (JsonSchemaType.String, null);
        else if (schema.Properties is { Count: > 0 } properties)
            schema.Required = Required(context.JsonTypeInfo, properties);
        return Task.CompletedTask;
    }

    private static void Text(OpenApiSchema schema, bool isNullable, string? format, string description) => (schema.Type, schema.Format, schema.Description, schema.Properties) =
        (isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String, format, description, null);

    private static void Labels(OpenApiSchema schema)
    {
        (schema.Type, schema.Properties, schema.Items, schema.Description) = (JsonSchemaType.Object, null, null, "label names and values");
        schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String };
    }

    private static HashSet<string> Required(JsonTypeInfo type, IDictionary<string, IOpenApiSchema> properties) =>
        [.. type.Properties.Where(p => !p.IsGetNullable && properties.ContainsKey(p.Name)).Select(p => p.Name)];
}
