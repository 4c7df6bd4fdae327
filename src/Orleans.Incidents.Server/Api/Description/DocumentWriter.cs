using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Incidents.Server.Api.Description;

/// <summary>What the description says as a whole: name, version, and how callers prove who they are.</summary>
internal sealed class DocumentWriter : IOpenApiDocumentTransformer
{
    private const string About =
        "Alerts in, incidents and pages out. Refusals are RFC 9457 problems whose reason is stable; docs/reasons.md has them all. "
        + "An answer to a write carries the journal position at which it is durable; lists take it as ?after.";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Orleans.Incidents", Version = Program.Version, Description = About, License = new OpenApiLicense { Name = "Apache 2.0" } };

        // Wherever it was read from is where it is.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent<IOpenApiSecurityScheme>("bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "a token of an identity or of an integration" });
        document.AddComponent<IOpenApiSecurityScheme>("basic", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "the token as the password, any user name" });
        document.AddComponent<IOpenApiSecurityScheme>("query", new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Query, Name = "token", Description = "the token in the query, for senders that cannot set a header" });
        document.AddComponent<IOpenApiSecurityScheme>("session", new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = Edge.Sessions.Cookie, Description = "a signed-in browser; writes from this server's own page only" });
        return Task.CompletedTask;
    }
}
