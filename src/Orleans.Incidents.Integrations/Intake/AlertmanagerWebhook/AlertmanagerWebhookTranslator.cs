using System.Text;
using System.Text.Json;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake.Alertmanager;
using Incidents.Integrations.Intake.Reading;
using NodaTime;

namespace Incidents.Integrations.Intake.AlertmanagerWebhook;

/// <summary>
/// Alertmanager's webhook, version 4 and the older 3. Each alert's own status decides; the notification's status stays
/// <c>firing</c> while any alert fires and is only asked where an alert has none. An alert that is not in the
/// notification means nothing, whether or not <c>truncatedAlerts</c> says that some are left out.
/// </summary>
public sealed class AlertmanagerWebhookTranslator(string format = AlertmanagerWebhookTranslator.Version4) : ITranslator
{
    /// <summary>The name of the format as it is sent since Alertmanager 0.4.</summary>
    public const string Version4 = "alertmanager-webhook-v4";

    /// <summary>A second name, for the bodies of older senders. Either name reads both.</summary>
    public const string Version3 = "alertmanager-webhook-v3";

    /// <inheritdoc/>
    public string Format => format;

    /// <inheritdoc/>
    public Translation Translate(ReadOnlyMemory<byte> body, in IntakeContext context) =>
        AlertmanagerBody.Read(JsonBody.WithoutMark(body).Span, context, ReadBody);

    private static Translation ReadBody(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, in IntakeContext context)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Translation.Nothing(Reason.WrongType, "the body must be an object");

        Notification? read = null;
        var groupResolved = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.NameOf(ref reader);
            reader.Read();
            if (name.SequenceEqual("alerts"u8) && reader.TokenType == JsonTokenType.StartArray)
                read = ReadAlerts(ref reader, body, context);
            else if (name.SequenceEqual("status"u8) && reader.TokenType == JsonTokenType.String)
                groupResolved = StatusOf(reader.ValueSpan) == AlertAction.Resolve;
            else
                reader.Skip();
        }

        return read?.Build(groupResolved) ?? Translation.Nothing(Reason.MissingField, "alerts must be an array");
    }

    private static Notification ReadAlerts(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, in IntakeContext context)
    {
        var notification = new Notification();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var wanted = notification.Alerts.Next();
            if (!wanted || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                if (wanted)
                    notification.Alerts.Refuse(Reason.WrongType, "an alert must be an object");
                continue;
            }

            Judge(new AlertReader(body, strict: false).Read(ref reader), context, notification);
        }

        return notification;
    }

    private static void Judge(in AlertFields fields, in IntakeContext context, Notification notification)
    {
        var alerts = notification.Alerts;
        var status = StatusOf(fields.Status);
        var labels = fields.Labels ?? LabelSet.Empty;
        if (fields.Trouble is { } trouble)
            alerts.Refuse(trouble.Reason, trouble.Detail);
        else if (status is null && !fields.Status.IsEmpty)
            alerts.Refuse(Reason.InvalidValue, "status must be firing or resolved");
        else if (labels.Count == 0 && fields.Fingerprint.IsEmpty)
            alerts.Refuse(Reason.EmptyLabels, "the alert has no label and no fingerprint");
        else
            notification.Accept(fields, status ?? (fields.EndsAt <= context.ReceivedAt ? AlertAction.Resolve : null), KeyOf(fields.Fingerprint, labels));
    }

    private static AlertAction? StatusOf(ReadOnlySpan<byte> status) =>
        Ascii.EqualsIgnoreCase(status, "firing"u8) ? AlertAction.Trigger
        : Ascii.EqualsIgnoreCase(status, "resolved"u8) ? AlertAction.Resolve
        : null;

    // The sender's own fingerprint counts; where it is the labels' own, as it nearly always is, their text is shared.
    private static string KeyOf(ReadOnlySpan<byte> fingerprint, LabelSet labels) =>
        fingerprint.IsEmpty || Ascii.Equals(fingerprint, labels.FingerprintText) ? labels.FingerprintText : JsonText.Decode(fingerprint);

    /// <summary>The alerts of one notification, and those among them whose action its own status decides.</summary>
    private sealed class Notification
    {
        private readonly List<(int Position, Instant? EndsAt)> _undecided = [];

        public TranslationBuilder Alerts { get; } = new();

        public void Accept(in AlertFields fields, AlertAction? action, string key)
        {
            var before = Alerts.Accepted;
            Alerts.Accept(AlertmanagerAlert.Make(fields, action ?? AlertAction.Trigger, "alertmanager", key), fields.Size);
            if (action is null && Alerts.Accepted > before)
                _undecided.Add((before, fields.EndsAt));
        }

        public Translation Build(bool groupResolved)
        {
            foreach (var (position, endsAt) in _undecided.Where(_ => groupResolved))
                Alerts.Amend(position, alert => alert with { Action = AlertAction.Resolve, EndedAt = endsAt });
            return Alerts.Build();
        }
    }
}
