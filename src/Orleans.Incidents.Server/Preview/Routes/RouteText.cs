namespace Incidents.Server.Preview;

/// <summary>Writes what routes say for people.</summary>
/// <param name="output">Where to.</param>
/// <param name="indent">What every line begins with.</param>
/// <param name="isOurs">Whether it is our own configuration: some of Alertmanager's timings are then only kept.</param>
internal sealed class RouteText(TextWriter output, string indent, bool isOurs)
{
    /// <summary>A route that takes the alert: the way to it, its group and its timings.</summary>
    public void Taken(RouteEntry entry)
    {
        Line("path", entry.Path!.Count == 1 ? "root: takes what no other route does" : "root: takes every alert");
        foreach (var step in entry.Path.Skip(1))
        {
            Line("", step.Name);
            foreach (var verdict in step.Matchers)
                Line("", $"  yes: {verdict.Text}");
        }

        if (entry.Continue)
            Line("continue", "yes: the routes behind it are tried as well");
        Line("group", Group(entry));
        Line("timings", string.Join(", ", entry.Timings!.Where(IsShown).Select(t => $"{t.Name} {t.Value} ({t.From}{(IsKept(t) ? "; kept, not acted on" : "")})")));
        if (entry.Muted is { } muted)
            Line("now", muted);
    }

    /// <summary>Routes that do not match, a line each.</summary>
    public void Passed(IEnumerable<RouteEntry> entries)
    {
        foreach (var entry in entries.Where(e => !e.Matches))
            Line("not", $"{entry.Name} to {entry.Receiver}: {(entry.Failed is { } failed ? failed.Text : "a route before it took the alert")}");
    }

    private void Line(string heading, string text) => output.WriteLine($"{indent}{heading,-9} {Spoken.OneLine(text)}".TrimEnd());

    private bool IsShown(Setting setting) => setting.From != RouteOrigins.Default || !(IsKept(setting) || setting.Name == "flap_count");

    // Ours pages on events, and policies repeat pages.
    private bool IsKept(Setting setting) => isOurs && setting.Name is ("group_interval" or "repeat_interval");

    private static string Group(RouteEntry entry)
    {
        var (group, by) = (entry.Group!, entry.GroupBy!);
        var labels = group.Count == 0 ? "one group for all" : $"{{{Spoken.Of(group)}}}";
        var names = by.Value.Length == 0 ? "nothing" : by.Value == "..." ? "every label" : by.Value;
        var absent = by.Value is "" or "..." ? [] : by.Value.Split(", ").Where(n => group[n].Length == 0).ToList();
        return $"{labels}, grouped by {names} ({by.From}){(absent.Count == 0 ? "" : $"; the alert has no {Spoken.List(absent)}")}";
    }
}
