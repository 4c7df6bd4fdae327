namespace Incidents.Alerts;

/// <summary>
/// How urgent a signal or an incident is, on PagerDuty's scale. Ordered: the most urgent is the smallest, so
/// <c>a &lt; b</c> reads "a is more urgent than b". What a sender's own word means is <see cref="SeverityWords"/>.
/// </summary>
public enum Severity
{
    /// <summary>Drop everything: customers are hurt now.</summary>
    Critical = 0,

    /// <summary>Broken and needs a person soon. Also the default for a signal that carries no severity.</summary>
    Error = 1,

    /// <summary>May break; can wait for working hours.</summary>
    Warning = 2,

    /// <summary>Worth knowing only.</summary>
    Info = 3,
}
