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

    private readonly string? _key;
    private readonly string? _severity;
    private readonly string? _service;
    private readonly string? _source;
    private readonly LabelCollector _labels = new(LabelRole.Labels);
    private readonly LabelCollector _fields = new(LabelRole.Labels);
    private readonly LabelCollector _annotations = new(LabelRole.Annotations);
    private readonly LabelSet _own;
    private readonly ImmutableArray<Link> _links;
    private readonly Instant? _startedAt;
    private readonly Instant? _endedAt;

    /// <summary>Takes the fields; what is left becomes annotations.</summary>
    public GenericAlert(JsonFields fields)
    {
        _key = fields.TakeWords("dedup_key", "dedupKey", "deduplication_key", "dedup");
        Title = Titles.OneLine(fields.TakeWords("title", "summary", "message"));
        _own = _labels.AddAll("labels", fields.Take("labels")).Build();
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

    /// <summary>Whether the sender chose the key. Without one the title is part of what tells the alert apart.</summary>
    public bool HasKey => _key is not null;

    /// <summary>A broken limit.</summary>
    public string? Problem => _labels.Problem ?? _fields.Problem ?? _annotations.Problem;

    /// <summary>Makes the alert.</summary>
    public Alert Make(AlertAction action) => new()
    {
        Action = action,
        DedupKey = _key ?? _own.With(LabelSet.Of(TitleLabel, Title ?? "")).FingerprintText,
        Identity = _key is null ? AlertIdentity.Labels : AlertIdentity.Key,
        Title = Title ?? Titles.OneLine(_key)!,
        Severity = SeverityWords.Read(_severity?.Trim()),
        RawSeverity = _severity,
        Service = _service,
        Source = _source ?? "generic",

        // Routes group by alertname everywhere else: here the title is the alert's name unless the sender gave one.
        Labels = LabelSet.Of("alertname", Title ?? "").With(_own).With(_fields.Build()),
        Annotations = _annotations.Build(),
        Links = _links,
        StartedAt = _startedAt,
        EndedAt = action == AlertAction.Resolve ? _endedAt : null,
    };

    private string? Own(string label) => _own.TryGet(label, out var value) ? value : null;

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
