using System.Text.Json;
using Incidents.Decisions;
using Incidents.Identities;
using Incidents.Integrations.Intake;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Preview;
using Incidents.Testing;
using NodaTime;
using NodaTime.Text;
using JsonOptions = Incidents.Server.Api.Json;

namespace Incidents.Server.Tests.Preview;

/// <summary>Every real payload of a format we read, as the dry run's JSON shows it, against what is expected of a correct intake.</summary>
public sealed class CorpusTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 22, 12, 0);
    private static readonly string[] Members = ["action", "dedupKey", "title", "severity", "service", "labels", "source", "startedAt", "endedAt"];

    public static TheoryData<string> Files() => SharedFolder.Present
        ? [.. Json("index.json").EnumerateArray().Where(e => Translators.Find(e.GetProperty("format").GetString()!) is not null).Select(e => e.GetProperty("file").GetString()!)]
        : ["absent"];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_payload_is_shown_as_the_expected_alerts(string file)
    {
        var entry = Json("index.json").EnumerateArray().Single(e => e.GetProperty("file").GetString() == file);
        var expected = Json(entry.GetProperty("expect").GetString()!);
        var answer = await PreviewAsync(entry.GetProperty("format").GetString()!, File.ReadAllBytes(SharedFolder.Path("corpus", file)), entry.GetProperty("headers"));
        var alerts = answer.GetProperty("alerts").EnumerateArray().ToArray();
        Assert.All(alerts, a => Assert.Equal(Members, a.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(alerts.Length + answer.GetProperty("refused").GetArrayLength(), answer.GetProperty("wouldDo").GetArrayLength());
        Assert.True(answer.GetProperty("routes").EnumerateArray().Count(r => r.GetProperty("matches").GetBoolean()) == alerts.Length, "each alert has its route");
        if (!expected.TryGetProperty("events", out var events) || (expected.TryGetProperty("ambiguous", out var ambiguous) && ambiguous.GetBoolean()))
            return;
        Assert.Equal(events.GetArrayLength(), alerts.Length);
        foreach (var (wanted, shown) in events.EnumerateArray().Zip(alerts))
            Same(wanted, shown);
    }

    private static void Same(JsonElement expected, JsonElement shown)
    {
        Assert.Equal(Text(expected, "action"), Text(shown, "action"));
        if (Text(expected.GetProperty("dedup"), "value") is { } key)
            Assert.Equal(key, Text(shown, "dedupKey"));
        foreach (var member in new[] { "severity", "service", "source" })
            Assert.Equal(Text(expected, member), Text(shown, member));
        if (Text(expected, "title") is { } title)
            Assert.Equal(title, Text(shown, "title"));
        Assert.Equal(Time(expected, "startedAt"), Time(shown, "startedAt"));
        Assert.Equal(Time(expected, "endedAt"), Time(shown, "endedAt"));
        if (expected.TryGetProperty("labels", out var labels))
            Assert.Equal(Pairs(labels), Pairs(shown.GetProperty("labels")));
    }

    private static async Task<JsonElement> PreviewAsync(string format, byte[] body, JsonElement headers)
    {
        var catalogue = Starter.Make(Starter.AdminIdentity(Starter.NewToken(), Now), Now).Catalogue;
        var given = headers.EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
        var request = new PreviewRequest(
            format, body, given, catalogue.Integrations.Values.FirstOrDefault(i => i.Format == format), new Caller("admin", IdentityKind.Human), []);
        var answer = await new Previewer(new Registry(catalogue), new EmptyStates(catalogue), Now).PreviewAsync(request);
        return JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(answer, JsonOptions.Options)).RootElement;
    }

    private static IEnumerable<(string, string?)> Pairs(JsonElement labels) => labels.EnumerateObject().Select(p => (p.Name, p.Value.GetString())).Order();

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetString() : null;

    // What is shown is always in UTC; what is expected keeps its sender's offset, written with a colon or without.
    private static Instant? Time(JsonElement e, string name)
    {
        if (Text(e, name) is not { } text)
            return null;
        var offset = text.Length > 5 && text[^5] is '+' or '-' && text[^3] != ':' ? text.Insert(text.Length - 2, ":") : text;
        return OffsetDateTimePattern.ExtendedIso.Parse(offset).Value.ToInstant();
    }

    private static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Path("corpus", file))).RootElement;
}
