using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Incidents.Load.Peers;

/// <summary>The least a .NET server can do with the same requests: read the JSON and answer 200. It keeps nothing.</summary>
internal static class BareServer
{
    /// <summary>Nobody may be left to stop it, so it ends by itself.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static async Task<int> RunAsync(Uri urls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(urls.ToString());
        var app = builder.Build();
        await using (app)
        {
            app.Run(AnswerAsync);
            using var end = new CancellationTokenSource(Longest);
            await app.StartAsync(end.Token);
            await app.WaitForShutdownAsync(end.Token);
        }

        return ExitCodes.Good;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            if (body.RootElement.ValueKind != JsonValueKind.Array)
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        context.Response.ContentLength = 0;
    }
}
