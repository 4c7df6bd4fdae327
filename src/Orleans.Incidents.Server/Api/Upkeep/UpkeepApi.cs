using Incidents.Audit;
using Incidents.Journal;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;

namespace Incidents.Server.Api;

/// <summary>Looking after the data of the running server.</summary>
internal static class UpkeepApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/views", Views).WithTags("operations").Describe<ViewsAnswer>("How far the lists are, and a making anew that is under way", Access.Operator);
        app.MapPost("/api/v1/views/rebuild", RebuildAsync).WithTags("operations").Describe<RebuiltAnswer>("Make the lists anew; answers when they are, and goes on when nobody waits", Access.Operator, Reason.Overloaded);
        app.MapPost("/api/v1/backups", BackupAsync).ExcludeFromDescription();
    }

    private static IResult Views(HttpContext http, Runtime runtime, Credentials credentials, LocalDoor door)
    {
        Allow(http, credentials, door);
        return TypedResults.Json(new
        {
            position = runtime.Projector.Position, journal = runtime.History.Position, rebuilding = runtime.Projector.Rebuilding, broken = runtime.Projector.Broken?.Message,
        }, Json.Options);
    }

    private static async Task<IResult> RebuildAsync(HttpContext http, Runtime runtime, Credentials credentials, LocalDoor door)
    {
        Allow(http, credentials, door);
        try
        {
            return TypedResults.Json(new { position = await runtime.Projector.RebuildAsync().WaitAsync(http.RequestAborted) }, Json.Options);
        }
        catch (JournalFailureException failure)
        {
            throw new RefusedException(Reason.Overloaded, $"the lists could not be made anew, and are as they were: {failure.Message}");
        }
    }

    // Whoever names a file for the server to write must stand where the server stands: a token that travels does not suffice.
    private static async Task<IResult> BackupAsync(HttpContext http, Runtime runtime, Credentials credentials, LocalDoor door, BackupBody body, IHostApplicationLifetime life)
    {
        if (!door.Admits(http))
        {
            credentials.Operator(http);
            throw new RefusedException(Reason.WrongCredential, "a backup is written on the server's own machine: run there: backup FILE --data FOLDER");
        }

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        try
        {
            await runtime.CopyAsync(body.File, cancel.Token);
            return TypedResults.Json(new { file = body.File }, Json.Options);
        }
        catch (JournalRefusedException refused)
        {
            return TypedResults.Problem(refused.Message, statusCode: 409, title: "No backup");
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.Problem("the server stops; no backup was written", statusCode: 409, title: "No backup");
        }
    }

    private static void Allow(HttpContext http, Credentials credentials, LocalDoor door)
    {
        if (!door.Admits(http))
            credentials.Operator(http);
    }

    internal sealed record BackupBody(string File);
}
