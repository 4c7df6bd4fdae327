using NodaTime.Text;

namespace Incidents.Server.Preview;

/// <summary>Writes a preview for people.</summary>
internal sealed class PreviewText(TextWriter output)
{
    public void Write(PreviewAnswer answer)
    {
        var sender = answer.Context.Integration is { } integration ? $"sent to {integration} as {answer.Context.Identity}" : $"as {answer.Context.Identity}";
        output.WriteLine($"{answer.Context.Format}, {sender}: {Spoken.Count(answer.Alerts.Count, "alert")} understood, {answer.Refused.Count} refused");
        foreach (var note in answer.Notes)
            output.WriteLine($"  ({Spoken.OneLine(note)})");
        var (routes, would) = (answer.Routes.ToLookup(r => r.Alert), answer.WouldDo.ToLookup(w => w.Alert));
        foreach (var entry in answer.WouldDo.Where(w => w is { Alert: null, Refused: null }))
            Would(entry);
        for (var i = 0; i < answer.Alerts.Count; i++)
            Alert(i, answer.Alerts[i], routes[i].ToList(), would[i].ToList());
        foreach (var refused in answer.Refused)
        {
            output.WriteLine();
            output.WriteLine($"{(refused.Index < 0 ? "the request" : $"[{refused.Index}] in the request")} is REFUSED, {refused.Reason}");
            Line("why", refused.Detail);
        }
    }

    private void Alert(int index, UnderstoodAlert alert, List<RouteEntry> routes, List<WouldDo> would)
    {
        output.WriteLine();
        output.WriteLine($"[{index}] {alert.Action.ToUpperInvariant()} {alert.Severity ?? "no severity"}: {Spoken.OneLine(alert.Title)}");
        foreach (var entry in would)
            Would(entry);
        Line("key", alert.DedupKey);
        Line("labels", alert.Labels.Count == 0 ? "none" : Spoken.Of(alert.Labels));
        Line("from", string.Join(", ", Facts(alert)));
        var text = new RouteText(output, "    ", isOurs: true);
        foreach (var taken in routes.Where(r => r.Matches))
        {
            Line("goes to", taken.Receiver);
            if (would.Count > 0 && !would.Exists(w => w.Route == taken.Route))
                Line("", taken.Text);
            text.Taken(taken);
        }

        text.Passed(routes);
    }

    // A line a sentence: the first is what people look for.
    private void Would(WouldDo entry)
    {
        var heading = "would";
        foreach (var sentence in entry.Text.Split("; "))
        {
            Line(heading, sentence);
            heading = "";
        }
    }

    private static IEnumerable<string> Facts(UnderstoodAlert alert)
    {
        yield return alert.Source is { } source ? $"source {source}" : "no source";
        if (alert.Service is { } service)
            yield return $"service {service} in its sender's words";
        if (alert.StartedAt is { } started)
            yield return $"began {InstantPattern.General.Format(started)}";
        if (alert.EndedAt is { } ended)
            yield return $"ended {InstantPattern.General.Format(ended)}";
    }

    private void Line(string heading, string text) => output.WriteLine($"    {heading,-9} {Spoken.OneLine(text)}");
}
