using System.Text;
using System.Text.Json;
using Incidents.Alerts;
using Incidents.Integrations.Intake;
using NodaTime;
using NodaTime.Text;

namespace Incidents.Testing.Intake;

/// <summary>Every real payload of a format we read, against what is expected of a correct intake.</summary>
public class CorpusTests
{
    private static readonly OffsetDateTimePattern Pattern = OffsetDateTimePattern.ExtendedIso;

    public static TheoryData<string, string> Files()
    {
        var files = new TheoryData<string, string>();
        if (!SharedFolder.Present)
            files.Add("absent", "absent");
        else
        {
            foreach (var entry in Json("index.json").EnumerateArray())
            {
                var format = entry.GetProperty("format").GetString()!;
                if (format == "malformed" || Translators.Find(format) is not null)
                    files.Add(format, entry.GetProperty("file").GetString()!);
            }
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_payload_becomes_the_expected_alerts(string format, string file)
    {
        var body = File.ReadAllBytes(SharedFolder.Path("corpus", file));
        var expected = Json(Path.ChangeExtension(file, null) + ".expect.json");
        if (format == "malformed")
        {
            Assert.All(Translators.All, t => Assert.Empty(t.Translate(body, Translate.Context()).Alerts));
            Assert.All(Translators.All, t => Assert.NotEmpty(t.Translate(body, Translate.Context()).Refused));
            return;
        }

        var translation = Translators.Find(format)!.Translate(body, Translate.Context(Headers(file)));
        if (Is(expected, "ambiguous"))
            return;
        var events = expected.GetProperty("events").EnumerateArray().ToArray();
        Assert.Equal(events.Length, translation.Alerts.Length);
        for (var i = 0; i < events.Length; i++)
            Same(events[i], translation.Alerts[i]);
        var accepted = !expected.TryGetProperty("httpStatus", out var status) || status.GetInt32() < 300;
        Assert.Equal(accepted ? Invalid(expected) : [], accepted ? translation.Refused.Select(r => r.Index) : []);
        Assert.Equal(accepted && !Invalid(expected).Any(), translation.Refused.IsEmpty);
    }

    // The places of the events of a CloudEvents request that a strict reader rejects.
    private static IEnumerable<int> Invalid(JsonElement expected) => expected.TryGetProperty("cloudevents", out var events)
        ? events.EnumerateArray().Index().Where(e => !e.Item.GetProperty("valid").GetBoolean()).Select(e => e.Index)
        : [];

    private static Dictionary<string, string> Headers(string file) => Json("index.json").EnumerateArray()
        .Single(e => e.GetProperty("file").GetString() == file).GetProperty("headers").EnumerateObject()
        .ToDictionary(h => h.Name, h => h.Value.GetString()!, StringComparer.OrdinalIgnoreCase);

    public static TheoryData<string, string> CloudEvents()
    {
        var files = new TheoryData<string, string>();
        files.AddRange(Files().Where(f => f.Data.Item1 == "absent" || f.Data.Item1.StartsWith("cloudevents", StringComparison.Ordinal)));
        return files;
    }

    // None of these events is an alert by itself: a severity makes it one, and then what was read of it can be seen.
    [Theory]
    [MemberData(nameof(CloudEvents))]
    public void Every_attribute_of_a_cloud_event_is_read(string format, string file)
    {
        var body = File.ReadAllText(SharedFolder.Path("corpus", file));
        var headers = Headers(file);
        headers["ce-severity"] = "error";
        body = body.Replace("\"specversion\"", "\"severity\":\"error\",\"specversion\"", StringComparison.Ordinal);
        var translation = Translators.Find(format)!.Translate(Encoding.UTF8.GetBytes(body), Translate.Context(headers));
        var valid = Json(Path.ChangeExtension(file, null) + ".expect.json").GetProperty("cloudevents").EnumerateArray().Where(e => e.GetProperty("valid").GetBoolean()).ToArray();
        Assert.Equal(valid.Length, translation.Alerts.Length);
        foreach (var (expected, alert) in valid.Zip(translation.Alerts))
        {
            foreach (var attribute in expected.GetProperty("attributes").EnumerateObject().Where(a => a.Name is not ("specversion" or "datacontenttype" or "time")))
                Assert.Equal(attribute.Value.ToString(), attribute.Name == "id" ? alert.Annotations["event_id"] : alert.Labels[attribute.Name]);
            Assert.Equal(Time(expected.GetProperty("attributes"), "time"), alert.StartedAt);
            Assert.Equal(Text(expected, "dataKind") == "text", alert.Annotations.TryGet("data", out _));
        }
    }

    private static void Same(JsonElement expected, Alert alert)
    {
        Assert.Equal(Text(expected, "action"), alert.Action.ToString().ToLowerInvariant());
        Assert.Equal(Text(expected.GetProperty("dedup"), "value"), alert.DedupKey);
        Assert.Equal(Text(expected, "title"), alert.Title);
        Assert.Equal(Text(expected, "severity"), alert.Severity?.Name());
        Assert.Equal(Text(expected, "rawSeverity"), alert.RawSeverity);
        Assert.Equal(Text(expected, "service"), alert.Service);
        Assert.Equal(Text(expected, "source"), alert.Source);
        Assert.Equal(Time(expected, "startedAt"), alert.StartedAt);
        Assert.Equal(Time(expected, "endedAt"), alert.EndedAt);
        if (expected.TryGetProperty("labels", out var labels))
            Assert.Equal(LabelSet.Of(labels.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!))), alert.Labels);
    }

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Is(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.GetBoolean();

    private static Instant? Time(JsonElement e, string name) =>
        Text(e, name) is { } text ? Pattern.Parse(text).Value.ToInstant() : null;

    private static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Path("corpus", file))).RootElement;
}
