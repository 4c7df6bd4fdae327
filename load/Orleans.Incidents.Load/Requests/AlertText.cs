using System.Buffers;
using System.Text.Json;

namespace Incidents.Load.Requests;

/// <summary>
/// Alerts as Prometheus sends them: six labels, two annotations, a start, no end, the address of the rule. The number
/// decides everything, so two runs send the same bytes; each number is a group key of its own.
/// </summary>
internal static class AlertText
{
    /// <summary>Fixed and long past, so that no peer waits for a group to fill before it works.</summary>
    private const string StartsAt = "2026-01-01T00:00:00Z";

    /// <summary>A JSON array of the alerts <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1, modulo <paramref name="keys"/>.</summary>
    /// <param name="prefix">Starts every alert name; another prefix makes other group keys.</param>
    /// <param name="endsAt">When the alerts end, as RFC 3339; <see langword="null"/>: they do not say.</param>
    public static byte[] Array(string prefix, int first, int count, int keys, string? endsAt = null)
    {
        var bytes = new ArrayBufferWriter<byte>(count * 800);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            for (var i = 0; i < count; i++)
                WriteOne(json, prefix, (first + i) % keys, endsAt);
            json.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteOne(Utf8JsonWriter json, string prefix, int number, string? endsAt)
    {
        var name = $"{prefix}{number:D6}";
        json.WriteStartObject();
        json.WriteStartObject("annotations");
        json.WriteString("description", $"The error ratio of checkout on node-{number:D6} has been above 5 % for ten minutes.");
        json.WriteString("summary", $"{name}: error ratio above 5 %");
        json.WriteEndObject();
        json.WriteString("startsAt", StartsAt);
        if (endsAt is not null)
            json.WriteString("endsAt", endsAt);
        json.WriteString("generatorURL", "http://prometheus.example:9090/graph?g0.expr=job%3Aerrors%3Aratio5m+%3E+0.05&g0.tab=1");
        WriteLabels(json, name, number);
        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, string name, int number)
    {
        json.WriteStartObject("labels");
        json.WriteString("alertname", name);
        json.WriteString("cluster", "eu-1");
        json.WriteString("instance", $"node-{number:D6}.example:9100");
        json.WriteString("job", "checkout");
        json.WriteString("service", "checkout");
        json.WriteString("severity", "critical");
        json.WriteEndObject();
    }
}
