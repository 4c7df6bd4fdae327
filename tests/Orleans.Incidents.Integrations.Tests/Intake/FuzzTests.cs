using System.Diagnostics;
using System.Text;
using Incidents.Integrations.Intake;

namespace Incidents.Testing.Intake;

/// <summary>Mutated bodies, the same in every run: whatever the bytes are, an answer and no exception, in time.</summary>
public class FuzzTests
{
    private const int Inputs = 20_000;

    private const string ThreadTime = "/proc/thread-self/schedstat";

    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1);

    private static readonly string[] Seeds =
    [
        """{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A","severity":"info"},"annotations":{"summary":"S\u00fc","runbook_url":"https://r"},"startsAt":"2026-11-22T10:41:08.850475Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p/g?a=1\u0026b=2","fingerprint":"5dc1fef439cf2097"}],"truncatedAlerts":0,"groupKey":5615590933959184469}""",
        """[{"labels":{"alertname":"B","job":"j"},"annotations":{"d":"\ud83d\ude42"},"startsAt":"2026-11-22T10:41:08Z","endsAt":"2026-11-22T13:41:08+01:00","generatorURL":"http://u@h:1/%41?x#y"},{"labels":{"a":"b"}}]""",
        """{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"trigger","payload":{"summary":"S","source":"s","severity":"error","timestamp":"2026-01-01T00:00:00.1+0000","custom_details":{"a":[1,{"b":null}]}},"links":[{"href":"https://l","text":"t"}],"images":[{"src":"https://i"}]}""",
        """{"alerts":[{"action":"resolve","dedup_key":"k","title":"T","severity":"p1","labels":{"a":1.5e3},"details":{"x":{}},"links":["https://l"],"started_at":1767225600.25,"ended_at":"2026-01-01T00:00:00Z"}]}""",
    ];

    private static readonly byte[][] Splices =
    [
        .. new[] { "\"", "\\", "\\u", "\\ud800", "\\udfff", "\\u0000", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e999", "\"\"", "{}", "[]", "/*", "\uFEFF", "\u0000", "\"labels\":", "\"alerts\":[", "9999-12-31T23:59:59+23:59" }
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_body_makes_a_translator_throw_or_linger(int seed)
    {
        var random = new Random(seed);
        var understood = 0;
        for (var i = 0; i < Inputs / 2; i++)
        {
            var body = Mutate(random, Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]));
            foreach (var translator in Translators.All)
                understood += Check(translator, body);
        }

        Assert.InRange(understood, Inputs / 10, Inputs * 4);
    }

    [Theory]
    [InlineData("[", "{\"labels\":{}}", ",", "]")]
    [InlineData("[", "1", ",", "]")]
    [InlineData("{\"alerts\":[", "{\"labels\":{\"a\":\"b\"}}", ",", "]}")]
    [InlineData("{\"alerts\":[", "{}", ",", "]}")]
    [InlineData("[{\"labels\":{", "\"a\":\"b\"", ",", "}}]")]
    [InlineData("{\"title\":\"t\",\"labels\":{", "\"\\u0061\":1", ",", "}}")]
    [InlineData("{", "\"title\":\"\"", ",", "}")]
    [InlineData("{\"title\":\"", "\\ud800", "", "\"}")]
    [InlineData("{\"alerts\":[{\"annotations\":{\"summary\":\"", "\\n", "", "\"},\"labels\":{\"a\":\"b\"}}]}")]
    [InlineData("{\"links\":[", "\"https://l\"", ",", "],\"title\":\"t\"}")]
    [InlineData("[{\"labels\":{\"a\":\"b\"},\"generatorURL\":\"http://h/", "%41", "", "\"}]")]
    [InlineData("", "[", "", "")]
    [InlineData("", " ", "", "")]
    public void A_body_of_the_largest_size_is_read_in_time(string before, string part, string between, string after)
    {
        var body = new StringBuilder(before).Append(part);
        while (body.Length + between.Length + part.Length + after.Length <= IntakeLimits.MaxBodyBytes)
            body.Append(between).Append(part);
        var bytes = Encoding.UTF8.GetBytes(body.Append(after).ToString());
        Assert.All(Translators.All, t => Check(t, bytes));
    }

    private static int Check(ITranslator translator, byte[] body)
    {
        var translation = TranslateInTime(translator, body);
        Assert.All(translation.Alerts, a => Assert.True(a.DedupKey.Length > 0 && a.Title.Length > 0));
        Assert.True(translation.Alerts.Length + translation.Refused.Length > 0 || translation.Note is not null);
        return translation.Alerts.Length > 0 ? 1 : 0;
    }

    private static Translation TranslateInTime(ITranslator translator, byte[] body)
    {
        var started = CpuTime();
        var translation = translator.Translate(body, Translate.Context());
        Assert.InRange(CpuTime() - started, TimeSpan.Zero, Allowed);
        return translation;
    }

    // This thread's own time where the system tells it, because other work on the machine makes any call seem slow.
    private static TimeSpan CpuTime() =>
        File.Exists(ThreadTime)
            ? TimeSpan.FromTicks(long.Parse(File.ReadAllText(ThreadTime).Split(' ')[0]) / TimeSpan.NanosecondsPerTick)
            : Stopwatch.GetElapsedTime(0);

    private static byte[] Mutate(Random random, byte[] body)
    {
        for (var times = random.Next(4); times > 0; times--)
        {
            var at = random.Next(body.Length + 1);
            var until = Math.Min(body.Length, at + random.Next(8));
            body = random.Next(6) switch
            {
                0 => [.. body[..at], .. body[until..]],
                1 => [.. body[..at], .. Splices[random.Next(Splices.Length)], .. body[at..]],
                2 => [.. body[..at], .. Splices[random.Next(Splices.Length)], .. body[until..]],
                3 => [.. body[..at], (byte)random.Next(256), .. body[until..]],
                4 => [.. body[..until], .. body[at..]],
                _ => body[..at],
            };
        }

        return body;
    }
}
