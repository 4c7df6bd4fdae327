using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Integrations.Intake.Reading;
using NodaTime;

namespace Incidents.Integrations.Intake.GenericJson;

/// <summary>The fields of one alert of our own format, taken from its object.</summary>
internal sealed class GenericAlert
{
    // No sender's label: names that begin and end with two underscores are the system's.
    private const string TitleLabel = "__title__";

    /// <summary>The names that the sender's own key may have, the first that has words counts.</summary>
    public static readonly string[] KeyNames = ["dedup_key", "dedupKey", "deduplication_key", "dedup"];

    private readonly string? _severity;
    private readonly string? _service;
    private readonly string? _source;
    private readonly LabelCollector _labels = new(LabelRole.Labels);
    private readonly LabelCollector _fields = new(LabelRole.Labels);
    private readonly LabelCollector _annotations = new(LabelRole.Annotations);
    private readonly ImmutableArray<Link> _links;
    private readonly Instant? _startedAt;
    private readonly Instant? _endedAt;

    /// <summary>Takes the fields; what is left becomes annotations.</summary>
    public GenericAlert(JsonFields fields)
    {
        Key = fields.TakeWords(KeyNames);
        Title = Titles.OneLine(fields.TakeWords("title", "summary", "message"));
        OwnLabels = _labels.AddAll("labels", fields.Take("labels")).Build();
        _severity = fields.TakeWords("severity") ?? Own("severity");
        _service = fields.TakeWords("service") ?? Own("service");
        _source = fields.TakeWords("source") ?? Own("source");
        _startedAt = TakeTime(fields, "started_at");
        _endedAt = TakeTime(fields, "ended_at");
        _links = TakeLinks(fields.Take("links"));
        _annotations.AddAll("annotations", fields.Take("annotations")).AddAll("details", fields.Take("details"));
        foreach (var (name, value) in fields.Left)
            _annotations.Add(name, value.Flat);
        _fields.Add("severity", _severity).Add("service", _service).Add("source", _source);
    }

    /// <summary>The title on one line; <see langword="null"/> when there is none.</summary>
    public string? Title { get; }

    /// <summary>The sender's own key; <see langword="null"/>: labels and title tell the alert apart.</summary>
    public string? Key { get; }

    /// <summary>The labels that the sender gave, and no others.</summary>
    public LabelSet OwnLabels { get; }

    /// <summary>A broken limit.</summary>
    public string? Problem => _labels.Problem ?? _fields.Problem ?? _annotations.Problem;

    /// <summary>Makes the alert.</summary>
    /// <param name="action">What it asks for.</param>
    /// <param name="title">One line for a person: the title, or what stands in for it.</param>
    public Alert Make(AlertAction action, string title) => new()
    {
        Action = action,
        DedupKey = Key ?? OwnLabels.With(LabelSet.Of(TitleLabel, Title ?? "")).FingerprintText,
        Identity = Key is null ? AlertIdentity.Labels : AlertIdentity.Key,
        Title = title,
        Severity = SeverityWords.Read(_severity?.Trim()),
        RawSeverity = _severity,
        Service = _service,
        Source = _source ?? "generic",

        // Routes group by alertname everywhere else: here the title is the alert's name unless the sender gave one.
        Labels = LabelSet.Of("alertname", Title ?? "").With(OwnLabels).With(_fields.Build()),
        Annotations = _annotations.Build(),
        Links = _links,
        StartedAt = _startedAt,
        EndedAt = action == AlertAction.Resolve ? _endedAt : null,
    };

    /// <summary>One of the labels that the sender gave.</summary>
    public string? Own(string label) => OwnLabels.TryGet(label, out var value) ? value : null;

    // A time that cannot be read stays where a person sees it.
    private Instant? TakeTime(JsonFields fields, string name)
    {
        var text = fields.TakeWords(name);
        var time = Rfc3339.Read(text) ?? EpochTime.Read(text);
        if (time is null)
            _annotations.Add(name, text);
        return time == Rfc3339.Zero ? null : time;
    }

    // One link may stand without an array. What is no link stays where a person sees it.
    private ImmutableArray<Link> TakeLinks(JsonValue links)
    {
        var read = (links.IsArray ? links.Items : links.IsAbsent ? [] : [links]).Select(ReadLink).ToArray();
        if (read.Contains(null))
            _annotations.Add("links", links.Flat);
        return WebLinks.Some(read);
    }

    private static Link? ReadLink(JsonValue link)
    {
        if (!link.IsObject)
            return WebLinks.Read(link.Text);
        var fields = new JsonFields(link);
        return WebLinks.Read(fields.TakeWords("href", "url"), fields.TakeWords("text", "title"));
    }
}
