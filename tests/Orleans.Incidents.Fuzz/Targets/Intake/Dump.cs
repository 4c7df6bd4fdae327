using System.Globalization;
using System.Text;
using Incidents.Alerts;
using Incidents.Integrations.Intake;

namespace Incidents.Fuzz.Targets.Intake;

/// <summary>All that a translation says, as text: two that are equal read the same.</summary>
internal static class Dump
{
    public static string Of(Translation said)
    {
        var text = new StringBuilder();
        foreach (var alert in said.Alerts)
            Add(text, alert);
        foreach (var refused in said.Refused)
            text.Append(CultureInfo.InvariantCulture, $"refused {refused.Index} {refused.Reason} {refused.Detail}\n");
        return text.Append(CultureInfo.InvariantCulture, $"note {said.Note} key {said.RequestKey}").ToString();
    }

    private static void Add(StringBuilder text, Alert a)
    {
        text.Append(CultureInfo.InvariantCulture, $"{a.Action} {a.Identity} [{a.DedupKey}] [{a.Title}] {a.Severity} [{a.RawSeverity}] [{a.Service}] [{a.Source}] ");
        text.Append(CultureInfo.InvariantCulture, $"{a.Labels} {a.Annotations} {a.StartedAt?.ToUnixTimeTicks()} {a.EndedAt?.ToUnixTimeTicks()} {a.ExpiresAfter?.TotalSeconds} ");
        foreach (var link in a.Links)
            text.Append(CultureInfo.InvariantCulture, $"<{link.Href}|{link.Text}>");
        text.Append('\n');
    }
}
