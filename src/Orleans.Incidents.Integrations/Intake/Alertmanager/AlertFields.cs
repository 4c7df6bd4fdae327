using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;
using NodaTime;

namespace Incidents.Integrations.Intake.Alertmanager;

/// <summary>One alert as Alertmanager and Prometheus write it. Spans point into the body.</summary>
internal ref struct AlertFields
{
    /// <summary>The labels; <see langword="null"/> when the field is absent or null.</summary>
    public LabelSet? Labels;

    /// <summary>The annotations; <see langword="null"/> when the field is absent or null.</summary>
    public LabelSet? Annotations;

    /// <summary>When it began; <see langword="null"/> when absent or Go's zero time.</summary>
    public Instant? StartsAt;

    /// <summary>When it ends or ended; <see langword="null"/> when absent or Go's zero time.</summary>
    public Instant? EndsAt;

    /// <summary>Where it was made.</summary>
    public Generator? Generator;

    /// <summary>The inside of the JSON string; empty when absent.</summary>
    public ReadOnlySpan<byte> Status;

    /// <summary>The inside of the JSON string; empty when absent.</summary>
    public ReadOnlySpan<byte> Fingerprint;

    /// <summary>What is wrong: a wrong type before a limit, because it may spoil more than this alert.</summary>
    public Trouble? Trouble;

    /// <summary>How many bytes of the body it takes.</summary>
    public int Size;

    /// <summary>Notes a trouble, if there is one.</summary>
    public void Report(Trouble? trouble)
    {
        if (Trouble is null || trouble is { Reason: Reason.WrongType })
            Trouble = trouble ?? Trouble;
    }
}
