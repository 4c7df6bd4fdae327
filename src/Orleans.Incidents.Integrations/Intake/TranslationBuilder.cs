using System.Collections.Immutable;
using System.Text;
using Incidents.Alerts;
using Incidents.Audit;

namespace Incidents.Integrations.Intake;

/// <summary>Collects the alerts and refusals of one request, and holds the limits that are the same for every format.</summary>
internal sealed class TranslationBuilder
{
    private readonly ImmutableArray<Alert>.Builder _alerts = ImmutableArray.CreateBuilder<Alert>();
    private ImmutableArray<Refusal>.Builder? _refused;
    private int _seen;
    private string? _passedOver;

    /// <summary>The place of the alert being read, from 0.</summary>
    public int Index => _seen - 1;

    /// <summary>Starts the next alert; false when it is one too many and must be skipped.</summary>
    public bool Next() => ++_seen <= IntakeLimits.MaxAlerts;

    /// <summary>Takes the alert being read, unless it is over a limit.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="sizeBound">A number of bytes that the alert surely does not exceed: spares counting them.</param>
    public void Accept(Alert alert, int sizeBound = int.MaxValue)
    {
        if (sizeBound > IntakeLimits.MaxAlertBytes && SizeOf(alert) > IntakeLimits.MaxAlertBytes)
            Refuse(Reason.TooLarge, $"the alert is larger than {IntakeLimits.MaxAlertBytes} bytes");
        else if (alert.DedupKey.Length > IntakeLimits.MaxKeyBytes / 3 && Encoding.UTF8.GetByteCount(alert.DedupKey) > IntakeLimits.MaxKeyBytes)
            Refuse(Reason.TooLarge, $"the alert's key is longer than {IntakeLimits.MaxKeyBytes} bytes");
        else
            _alerts.Add(alert);
    }

    /// <summary>Refuses the alert being read, and no other.</summary>
    public void Refuse(Reason reason, string detail) =>
        (_refused ??= ImmutableArray.CreateBuilder<Refusal>()).Add(new Refusal(Index, reason, detail));

    /// <summary>Takes nothing from what is being read, because it is well-formed and no alert; says so when there is none at all.</summary>
    public void PassOver(string note) => _passedOver = note;

    /// <summary>Changes alerts that were accepted before all that decides about them was read.</summary>
    public void Amend(int position, Func<Alert, Alert> change) => _alerts[position] = change(_alerts[position]);

    /// <summary>How many alerts are accepted so far.</summary>
    public int Accepted => _alerts.Count;

    /// <summary>The result. A request without any alert carries a note that says so.</summary>
    public Translation Build()
    {
        if (_seen > IntakeLimits.MaxAlerts)
        {
            var detail = $"{_seen - IntakeLimits.MaxAlerts} alerts from this one on are over the limit of {IntakeLimits.MaxAlerts} a request";
            (_refused ??= ImmutableArray.CreateBuilder<Refusal>()).Add(new Refusal(IntakeLimits.MaxAlerts, Reason.TooManyAlerts, detail));
        }

        var note = _seen == 0 ? "the request carries no alert" : _alerts.Count == 0 ? _passedOver : null;
        return new Translation(_alerts.DrainToImmutable(), _refused?.DrainToImmutable() ?? [], note);
    }

    private static long SizeOf(Alert alert) =>
        SizeOf(alert.Labels) + SizeOf(alert.Annotations) + alert.Links.Sum(l => (long)Encoding.UTF8.GetByteCount(l.Href) + Encoding.UTF8.GetByteCount(l.Text));

    private static long SizeOf(LabelSet set)
    {
        long size = 0;
        for (var i = 0; i < set.Count; i++)
            size += Encoding.UTF8.GetByteCount(set[i].Key) + Encoding.UTF8.GetByteCount(set[i].Value);
        return size;
    }
}
