using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake.GenericJson;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.CloudEvents;

/// <summary>
/// Whether an event is an alert, and which. Its data is read as our own format; what the data does not say, the event's
/// attributes do.
/// </summary>
internal sealed class EventAlert
{
    // No sender's labels: names that begin and end with two underscores are the system's.
    private const string TitleLabel = "__title__";
    private const string SourceLabel = "__source__";
    private const string TypeLabel = "__type__";

    // Extensions that stand for a field of the data where it has none. Names of attributes have no underscore.
    private static readonly Dictionary<string, string> Fields = new()
    {
        ["title"] = "title", ["severity"] = "severity", ["service"] = "service", ["status"] = "status", ["action"] = "action", ["dedupkey"] = "dedup_key",
    };

    // Extensions of the specification that differ from event to event: no labels, because no two alerts would be alike.
    private static readonly HashSet<string> Passing =
    [
        "traceparent", "tracestate", "sequence", "sequencetype", "recordedtime", "expirytime", "correlationid", "causationid", "dataref", "severitynumber",
    ];

    private static readonly string[] Signs = ["title", "summary", "severity", .. GenericAlert.KeyNames];

    private readonly CloudEvent _event;
    private readonly JsonFields _data;
    private readonly string _kind;
    private readonly AlertAction? _actionOfType;
    private readonly LabelCollector _labels = new(LabelRole.Labels);
    private readonly LabelCollector _annotations = new(LabelRole.Annotations);

    /// <summary>Lays the event's attributes under its data.</summary>
    /// <param name="e">The attributes.</param>
    /// <param name="data">The data, where it is JSON.</param>
    /// <param name="text">The data, where it is text.</param>
    public EventAlert(CloudEvent e, JsonValue data, string? text)
    {
        _event = e;
        _data = new JsonFields(data);
        (_kind, _actionOfType) = Split(e.Type);
        _labels.Add("type", e.Type).Add("subject", e.Subject);
        _annotations.Add("event_id", e.Id).Add("data", text);
        foreach (var (name, value) in e.Extensions)
        {
            if (Fields.TryGetValue(name, out var field))
                _data.Default(field, value);
            else
                (Passing.Contains(name) || name.StartsWith("dsse", StringComparison.Ordinal) ? _annotations : _labels).Add(name, value);
        }
    }

    /// <summary>Accepts, refuses or passes over the event.</summary>
    public void Judge(TranslationBuilder alerts)
    {
        var word = _data.Words("action", "status");
        var said = word is null ? _actionOfType ?? AlertAction.Trigger : GenericWords.Read(word);
        if (!IsAlert(said))
        {
            alerts.PassOver("understood, and no alert: the data has no title, summary, severity, labels or dedup_key");
            return;
        }

        if (said is null)
        {
            alerts.Refuse(Reason.InvalidValue, "action must be trigger, acknowledge or resolve");
            return;
        }

        _data.TakeWords("action", "status");
        _data.Default("severity", _event.Extensions.FirstOrDefault(x => x.Key == "severitytext").Value);
        _data.Default("source", _event.Source);
        var data = new GenericAlert(_data);
        if ((data.Problem ?? _labels.Problem) is { } problem)
            alerts.Refuse(Reason.TooLarge, problem);
        else
            alerts.Accept(Make(data, said.Value));
    }

    // An end opens nothing, so its word is enough where it is known what ended. That something is open means nothing by
    // itself: so are pull requests and orders.
    private bool IsAlert(AlertAction? said) =>
        _data.Words(Signs) is not null || _data.HasMembers("labels")
        || (said is AlertAction.Acknowledge or AlertAction.Resolve && _event.Subject is not null);

    private Alert Make(GenericAlert data, AlertAction action)
    {
        var title = data.Title ?? Titles.OneLine(data.Own("alertname")) ?? Titles.OneLine(_event.Subject) ?? _event.Type;
        var alert = data.Make(action, title);
        return alert with
        {
            DedupKey = data.Key ?? KeyOf(data, title),
            Identity = data.Key is not null || _event.Subject is not null ? AlertIdentity.Key : AlertIdentity.Labels,
            Labels = LabelSet.Of("alertname", title).With(_labels.Build()).With(alert.Labels),
            Annotations = _annotations.Build().With(alert.Annotations),
            StartedAt = alert.StartedAt ?? (action == AlertAction.Trigger ? _event.Time : null),
            EndedAt = alert.EndedAt ?? (action == AlertAction.Resolve ? _event.Time : null),
        };
    }

    private string KeyOf(GenericAlert data, string title) => _event.Subject is { } subject
        ? $"{_event.Source}|{subject}|{_kind}"
        : data.OwnLabels.With(LabelSet.Of(TitleLabel, title, SourceLabel, _event.Source, TypeLabel, _kind)).FingerprintText;

    // "com.example.disk.resolved" is the end of what "com.example.disk.triggered" began: the last word is no part of the kind.
    private static (string Kind, AlertAction? Action) Split(string type)
    {
        var dot = type.LastIndexOf('.');
        return dot > 0 && GenericWords.Read(type[(dot + 1)..]) is { } action ? (type[..dot], action) : (type, null);
    }
}
