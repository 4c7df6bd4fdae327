using System.Text.Json.Serialization;

namespace Incidents.Server.Demonstration;

/// <summary>An alert as Prometheus sends it. The same labels are the same alert.</summary>
/// <param name="EndsAt">When it ended; absent while it fires.</param>
internal sealed record DemoAlert(
    IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, DateTimeOffset StartsAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? EndsAt = null)
{
    public static DemoAlert Of(string name, string instance, string service, string severity, string summary, DateTimeOffset startsAt) => new(
        new Dictionary<string, string> { ["alertname"] = name, ["instance"] = instance, ["service"] = service, ["severity"] = severity },
        new Dictionary<string, string> { ["summary"] = summary },
        startsAt);
}
