using System.Text.Json;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake.Alertmanager;
using Incidents.Integrations.Intake.Reading;
using NodaTime;

namespace Incidents.Integrations.Intake.AlertmanagerApi;

/// <summary>
/// <c>POST /api/v2/alerts</c>, which Prometheus speaks. The answers follow Alertmanager's three checks, in its order: a
/// wrong type anywhere (<see cref="Reason.Malformed"/>, <see cref="Reason.WrongType"/>; its 400) and a breach of the
/// schema (<see cref="Reason.SchemaViolation"/>; its 422) refuse the request, an invalid alert only itself (also 400,
/// with the others stored). Details are worded as Alertmanager words them.
/// </summary>
public sealed class AlertmanagerApiTranslator : ITranslator
{
    /// <inheritdoc/>
    public string Format => "alertmanager-api-v2-alerts";

    /// <inheritdoc/>
    public Translation Translate(ReadOnlyMemory<byte> body, in IntakeContext context)
    {
        var bytes = JsonBody.WithoutMark(body).Span;
        return JsonBody.IsBlank(bytes)
            ? Translation.Nothing(Reason.SchemaViolation, "alerts in body is required")
            : AlertmanagerBody.Read(bytes, context, ReadBody);
    }

    private static Translation ReadBody(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, in IntakeContext context)
    {
        var builder = new TranslationBuilder();
        if (reader.TokenType == JsonTokenType.Null)
            return builder.Build();
        if (reader.TokenType != JsonTokenType.StartArray)
            return Translation.Nothing(Reason.WrongType, "the body must be an array of alerts");
        Trouble? schema = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var trouble = ReadAlert(ref reader, body, context, builder);
            if (trouble is { Reason: Reason.WrongType })
                return Translation.Nothing(trouble.Reason, trouble.Detail);
            schema ??= trouble;
        }

        return schema is null ? builder.Build() : Translation.Nothing(schema.Reason, schema.Detail);
    }

    // The trouble, if any, is the whole request's.
    private static Trouble? ReadAlert(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, in IntakeContext context, TranslationBuilder builder)
    {
        var wanted = builder.Next();
        if (reader.TokenType == JsonTokenType.Null)
            return new Trouble(Reason.SchemaViolation, $"{builder.Index}.labels in body is required");
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new Trouble(Reason.WrongType, $"alert {builder.Index} must be an object");
        }

        var fields = new AlertReader(body, strict: true).Read(ref reader);
        if (fields.Trouble is { Reason: Reason.WrongType } type)
            return type;
        if (fields is { Labels: null, Trouble: null })
            return new Trouble(Reason.SchemaViolation, $"{builder.Index}.labels in body is required");
        if (fields.Generator is { IsUri: false })
            return new Trouble(Reason.SchemaViolation, $"{builder.Index}.generatorURL in body must be of type uri");
        if (wanted)
            Judge(fields, context, builder);
        return null;
    }

    private static void Judge(in AlertFields fields, in IntakeContext context, TranslationBuilder builder)
    {
        if (ProblemOf(fields, context) is { } problem)
        {
            builder.Refuse(problem.Reason, problem.Detail);
            return;
        }

        var ended = fields.EndsAt <= context.ReceivedAt;
        Duration? expiresAfter = ended ? null : fields.EndsAt is { } end ? end - context.ReceivedAt : context.ResolveTimeout;
        var action = ended ? AlertAction.Resolve : AlertAction.Trigger;
        builder.Accept(AlertmanagerAlert.Make(fields, action, "prometheus", fields.Labels!.FingerprintText, expiresAfter), fields.Size);
    }

    private static Trouble? ProblemOf(in AlertFields fields, in IntakeContext context)
    {
        if (fields.Trouble is not null)
            return fields.Trouble;
        if (fields.StartsAt > (fields.EndsAt ?? context.ReceivedAt + context.ResolveTimeout))
            return new Trouble(Reason.InvalidValue, "start time must be before end time");
        if (fields.Labels is null or { Count: 0 })
            return new Trouble(Reason.EmptyLabels, "at least one label pair required");
        if (fields.Labels.TryGet("", out _))
            return new Trouble(Reason.InvalidValue, "invalid label set: invalid name \"\"");
        return fields.Annotations is not null && fields.Annotations.TryGet("", out _)
            ? new Trouble(Reason.InvalidValue, "invalid annotations: invalid name \"\"")
            : null;
    }
}
