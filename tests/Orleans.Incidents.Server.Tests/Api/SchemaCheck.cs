using System.Text.Json;
using Microsoft.OpenApi;

namespace Incidents.Server.Tests.Api;

/// <summary>
/// Does a value look as its schema says? Stricter than JSON Schema: what the schema does not name must not be there, so that no member
/// is undocumented.
/// </summary>
internal static class SchemaCheck
{
    public static IEnumerable<string> Faults(JsonElement value, IOpenApiSchema schema, string at = "$")
    {
        if (schema.Type is { } type && !Types(value).Any(t => type.HasFlag(t)))
            return [$"{at}: {value.ValueKind} is not {type}"];
        if (schema.Enum is { Count: > 0 } words && !words.Any(w => w.ToString() == value.ToString()))
            return [$"{at}: {value} is none of {string.Join(", ", words)}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => Members(value, schema, at),
            JsonValueKind.Array when schema.Items is { } items => value.EnumerateArray().SelectMany((v, i) => Faults(v, items, $"{at}[{i}]")),
            JsonValueKind.String when schema.Format == "date-time" => DateTimeOffset.TryParse(value.GetString(), out _) ? [] : [$"{at}: {value} is no instant"],
            _ => [],
        };
    }

    private static IEnumerable<string> Members(JsonElement value, IOpenApiSchema schema, string at)
    {
        foreach (var missing in (schema.Required ?? new HashSet<string>()).Where(r => !value.TryGetProperty(r, out _)))
            yield return $"{at}.{missing} is missing";
        if (schema.Properties is not { Count: > 0 } && schema.AdditionalProperties is null)
            yield break;
        foreach (var member in value.EnumerateObject())
        {
            var known = schema.Properties?.TryGetValue(member.Name, out var named) == true ? named : schema.AdditionalProperties;
            if (known is null)
                yield return $"{at}.{member.Name} is not in the schema";
            foreach (var fault in known is null ? [] : Faults(member.Value, known, $"{at}.{member.Name}"))
                yield return fault;
        }
    }

    private static JsonSchemaType[] Types(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => [JsonSchemaType.Object],
        JsonValueKind.Array => [JsonSchemaType.Array],
        JsonValueKind.String => [JsonSchemaType.String],
        JsonValueKind.Number => value.TryGetInt64(out _) ? [JsonSchemaType.Integer, JsonSchemaType.Number] : [JsonSchemaType.Number],
        JsonValueKind.True or JsonValueKind.False => [JsonSchemaType.Boolean],
        _ => [JsonSchemaType.Null],
    };
}
