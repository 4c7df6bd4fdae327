namespace Incidents.Server.Api.Description;

/// <summary>The API's description.</summary>
internal static class OpenApiSetup
{
    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddSchemaTransformer<SchemaWriter>();
        options.AddOperationTransformer<OperationWriter>();
        options.AddDocumentTransformer<DocumentWriter>();
    });
}
