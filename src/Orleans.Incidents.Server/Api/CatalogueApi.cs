using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Edge;

namespace Incidents.Server.Api;

/// <summary>The catalogue as it is in force.</summary>
internal static class CatalogueApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/services", (HttpContext http, Credentials credentials, Func<Registry> registry) => List(http, credentials, registry().Catalogue.Services.Values))
            .WithTags("catalogue").Describe<ServiceList>("Services", Access.Operator);
        app.MapGet("/api/v1/responders", (HttpContext http, Credentials credentials, Func<Registry> registry) => List(http, credentials, registry().Catalogue.Responders.Values))
            .WithTags("catalogue").Describe<ResponderList>("Responders; contacts show where a secret is read, never the secret", Access.Operator);
    }

    private static IResult List<T>(HttpContext http, Credentials credentials, IEnumerable<T> items)
    {
        credentials.Operator(http);
        return TypedResults.Json(new { items, next = (string?)null }, Json.Options);
    }
}
