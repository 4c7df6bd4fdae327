using Incidents.Server.Edge;

namespace Incidents.Server.Hosting;

/// <summary>What a start prints: where the data lies, how to sign in, a line that works when pasted.</summary>
internal static class Banner
{
    /// <summary>What a start prints that waits for another process to end.</summary>
    public static void WriteStandby(TextWriter output, WebApplication app)
    {
        output.WriteLine($"Orleans.Incidents {Program.Version}");
        output.WriteLine($"Standing by on {string.Join(", ", app.Urls)}: another process serves. Stop with Ctrl+C.");
        output.Flush();
    }

    public static void Write(TextWriter output, WebApplication app, Runtime runtime, Welcome welcome, Sessions sessions)
    {
        var url = app.Urls.First().TrimEnd('/');
        output.WriteLine($"Orleans.Incidents {Program.Version}");
        output.WriteLine($"  data      {runtime.Place} (position {runtime.Projector.Position})");
        output.WriteLine($"  browser   {url}/sign-in/{sessions.NewLink(Starter.Admin)}   (once, within 10 minutes)");
        output.WriteLine(welcome.AdminToken is { } token
            ? $"  admin     {token}"
            : welcome.IsGiven ? "  admin     the token in INCIDENTS_ADMIN_TOKEN" : "  admin     the token that the first start printed; a new one: token reset");
        if (welcome.RoutingKey is { } key)
            output.WriteLine($"  PagerDuty routing_key {key}");
        if (!welcome.HasFile && welcome.AdminToken is not null)
        {
            output.WriteLine();
            output.WriteLine("  Send an alert:");
            output.WriteLine($"  curl -sS {url}/integrations/generic/alerts -H 'Authorization: Bearer {welcome.AdminToken}' -d '{{\"title\":\"Disk full on db-1\",\"severity\":\"critical\"}}'");
        }

        output.WriteLine();
        output.WriteLine($"Serving on {string.Join(", ", app.Urls)}. Stop with Ctrl+C.");
        output.Flush();
    }
}
