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

        var translation = Translate.Body(format, body);
        if (Is(expected, "ambiguous"))
            return;
        var events = expected.GetProperty("events").EnumerateArray().ToArray();
        Assert.Equal(events.Length, translation.Alerts.Length);
        for (var i = 0; i < events.Length; i++)
            Same(events[i], translation.Alerts[i]);
        var accepted = !expected.TryGetProperty("httpStatus", out var status) || status.GetInt32() < 300;
        Assert.Equal(accepted, translation.Refused.IsEmpty);
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
