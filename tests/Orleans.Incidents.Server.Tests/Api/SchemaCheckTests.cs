using System.Text.Json;
using Microsoft.OpenApi;

namespace Incidents.Server.Tests.Api;

/// <summary>The check that the other tests trust finds what it must.</summary>
public sealed class SchemaCheckTests
{
    private static readonly OpenApiSchema Schema = new()
    {
        Type = JsonSchemaType.Object, Required = new HashSet<string> { "id" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["at"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            ["kind"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["problem", "storm"] },
            ["counts"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Integer } },
        },
    };

    [Theory]
    [InlineData("""{"id":"a","at":"2026-03-01T12:00:00Z","kind":"storm","counts":[1,2]}""", null)]
    [InlineData("""{"at":"2026-03-01T12:00:00Z"}""", "$.id is missing")]
    [InlineData("""{"id":1}""", "$.id: Number is not String")]
    [InlineData("""{"id":"a","more":1}""", "$.more is not in the schema")]
    [InlineData("""{"id":"a","kind":"other"}""", "$.kind: other is none of problem, storm")]
    [InlineData("""{"id":"a","at":"soon"}""", "$.at: soon is no instant")]
    [InlineData("""{"id":"a","counts":[1,2.5]}""", "$.counts[1]: Number is not Integer")]
    [InlineData("[]", "$: Array is not Object")]
    public void A_fault_is_named_with_its_place(string json, string? fault) =>
        Assert.Equal(fault is null ? [] : [fault], SchemaCheck.Faults(JsonDocument.Parse(json).RootElement, Schema));
}
