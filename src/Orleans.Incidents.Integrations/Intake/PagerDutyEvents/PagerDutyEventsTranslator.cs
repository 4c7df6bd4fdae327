using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.PagerDutyEvents;

/// <summary>
/// PagerDuty's Events API v2, one event a request. A trigger without <c>dedup_key</c> gets one, for the answer. Each
/// refusal is one entry of the answer's <c>errors</c>.
/// </summary>
/// <example><code>
/// {"routing_key":"…32 characters…","event_action":"trigger","dedup_key":"disk-17","client":"Monitor","client_url":"https://…",
///  "payload":{"summary":"Disk full","source":"db1","severity":"critical","timestamp":"2026-01-01T00:00:00.000+0000",
///             "component":"postgres","group":"prod","class":"disk","custom_details":{"free":"1 %"}},
///  "links":[{"href":"https://…","text":"Runbook"}],"images":[{"src":"https://…","href":"https://…","alt":"Graph"}]}
/// </code></example>
public sealed class PagerDutyEventsTranslator : ITranslator
{
    /// <inheritdoc/>
    public string Format => "pagerduty-events-v2";

    /// <inheritdoc/>
    public Translation Translate(ReadOnlyMemory<byte> body, in IntakeContext context)
    {
        var received = body;
        return JsonBody.Read(body, context, (JsonValue root, in IntakeContext c) => ReadEvent(root, received.Span, c));
    }

    private static Translation ReadEvent(JsonValue root, ReadOnlySpan<byte> body, in IntakeContext context)
    {
        if (!root.IsObject)
            return Translation.Nothing(Reason.WrongType, "Event object must be a JSON object");
        var e = new PagerDutyEvent(root);
        var errors = PagerDutyErrors.Of(e).Select(t => new Refusal(-1, t.Reason, t.Detail)).ToImmutableArray();
        if (errors.Length > 0)
            return new Translation([], errors);
        var labels = LabelsOf(e);
        var links = LinksOf(e);
        var annotations = AnnotationsOf(e);
        if ((labels.Problem ?? annotations.Problem) is { } problem)
            return Translation.Nothing(Reason.TooLarge, problem);
        var builder = new TranslationBuilder();
        builder.Next();
        builder.Accept(Make(e, e.DedupKey ?? GeneratedKey.Of(context, body), labels.Build()) with { Links = links, Annotations = annotations.Build() });
        return builder.Build();
    }

    private static Alert Make(PagerDutyEvent e, string key, LabelSet labels)
    {
        var at = Rfc3339.Read(e["timestamp"]);
        return new Alert
        {
            Action = e.Action!.Value,
            DedupKey = key,
            Identity = AlertIdentity.Key,
            Title = Titles.OneLine(e["summary"]) ?? Titles.OneLine(key) ?? e.EventAction!,
            Severity = SeverityWords.Read(e["severity"]),
            RawSeverity = e["severity"],
            Service = e["component"],
            Source = e["source"],
            Labels = labels,
            StartedAt = e.Action == AlertAction.Trigger ? at : null,
            EndedAt = e.Action == AlertAction.Resolve ? at : null,
        };
    }

    private static LabelCollector LabelsOf(PagerDutyEvent e) => new LabelCollector(LabelRole.Labels)
        .Add("source", e["source"])
        .Add("severity", e["severity"])
        .Add("component", e["component"])
        .Add("group", e["group"])
        .Add("class", e["class"]);

    // Taken before the annotations, which keep whatever no one else took.
    private static ImmutableArray<Link> LinksOf(PagerDutyEvent e)
    {
        var home = WebLinks.Read(e.Top.TakeWords("client_url"), e.Client);
        var links = e.Top.Take("links").Items.Select(i => new JsonFields(i)).Select(l => WebLinks.Read(l.TakeWords("href"), l.TakeWords("text")));
        var images = e.Top.Take("images").Items.Select(i => new JsonFields(i)).Select(i => WebLinks.Read(i.TakeWords("href", "src"), i.TakeWords("alt")));
        return WebLinks.Some([home, .. links, .. images]);
    }

    private static LabelCollector AnnotationsOf(PagerDutyEvent e)
    {
        var annotations = new LabelCollector(LabelRole.Annotations)
            .AddAll("custom_details", e.Payload.Take("custom_details"))
            .Add("client", e.Client);
        foreach (var (name, value) in e.Payload.Left.Concat(e.Top.Left))
            annotations.Add(name, value.Flat);
        return Rfc3339.Read(e["timestamp"]) is null ? annotations.Add("timestamp", e["timestamp"]) : annotations;
    }
}
