using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Incidents.Alerts;
using Incidents.Integrations.Intake.Reading;
using NodaTime;

namespace Incidents.Integrations.Intake.Alertmanager;

/// <summary>What an alert of Alertmanager or Prometheus means: the rules that both formats share.</summary>
internal static class AlertmanagerAlert
{
    private static readonly string[] TitleAnnotations = ["summary", "title", "message", "description"];

    /// <summary>Makes the alert. Its labels must not be <see langword="null"/>.</summary>
    /// <param name="fields">The fields as read.</param>
    /// <param name="action">What it asks for.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="key">What tells it apart.</param>
    /// <param name="expiresAfter">When it ends by silence.</param>
    public static Alert Make(in AlertFields fields, AlertAction action, string source, string key, Duration? expiresAfter = null)
    {
        var labels = fields.Labels ?? LabelSet.Empty;
        var annotations = AnnotationsOf(fields);
        var severity = labels.TryGet("severity", out var word) ? word : null;
        return new Alert
        {
            Action = action,
            DedupKey = key,
            Title = TitleOf(labels, annotations),
            Severity = SeverityWords.Read(severity),
            RawSeverity = severity,
            Service = labels.TryGet("service", out var service) || labels.TryGet("job", out service) ? service : null,
            Source = source,
            Labels = labels,
            Annotations = annotations,
            Links = LinksOf(fields.Generator?.Link, annotations),
            StartedAt = fields.StartsAt,
            EndedAt = action == AlertAction.Resolve ? fields.EndsAt : null,
            ExpiresAfter = expiresAfter,
        };
    }

    // The annotation that is written for people, else the rule's name, else all that is known.
    private static string TitleOf(LabelSet labels, LabelSet annotations)
    {
        foreach (var name in TitleAnnotations)
        {
            if (annotations.TryGet(name, out var text) && Titles.OneLine(text) is { } title)
                return title;
        }

        return Titles.OneLine(labels["alertname"]) ?? Titles.OneLine(labels.ToString())!;
    }

    // An address that is not one to click on stays readable.
    private static LabelSet AnnotationsOf(in AlertFields fields)
    {
        var annotations = fields.Annotations ?? LabelSet.Empty;
        return fields.Generator is { Link: null, Text.Length: > 0 and <= IntakeLimits.MaxValueBytes } generator
            ? LabelSet.Of("generatorURL", generator.Text).With(annotations)
            : annotations;
    }

    // Written out because it runs for every alert: an array of just the right size, and nothing else.
    private static ImmutableArray<Link> LinksOf(Link? generator, LabelSet annotations)
    {
        var runbook = annotations.TryGet("runbook_url", out var address) ? WebLinks.Read(address, "runbook") : null;
        var dashboard = annotations.TryGet("dashboard_url", out address) ? WebLinks.Read(address, "dashboard") : null;
        var count = (generator is null ? 0 : 1) + (runbook is null ? 0 : 1) + (dashboard is null ? 0 : 1);
        if (count == 0)
            return [];
        var links = new Link[count];
        var at = 0;
        if (generator is not null)
            links[at++] = generator;
        if (runbook is not null)
            links[at++] = runbook;
        if (dashboard is not null)
            links[at] = dashboard;
        return ImmutableCollectionsMarshal.AsImmutableArray(links);
    }
}
