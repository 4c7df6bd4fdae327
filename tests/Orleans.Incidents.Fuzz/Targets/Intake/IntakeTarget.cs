using System.Text;
using Incidents.Alerts;
using Incidents.Integrations.Intake;
using Incidents.Server.Api;
using NodaTime;

namespace Incidents.Fuzz.Targets.Intake;

/// <summary>
/// One translator. Whatever it is sent, it answers with alerts, named refusals or a note; all its text is Unicode and within the
/// limits; the same bytes say the same again, and of the bytes nothing is kept.
/// </summary>
internal sealed class IntakeTarget(string format, Func<Random, byte[]> make, IReadOnlyList<byte[]> corpus) : ITarget
{
    private const int MaxDetail = 1_000;

    private static readonly Instant Now = Instant.FromUtc(2026, 11, 28, 12, 0);

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "null", "true", "\"\"", "{}", "[]", "\"labels\":", "\"alerts\":[", "\"annotations\":", "\"title\":", "\"dedup_key\":", "\"severity\":", "\"status\":", "\"startsAt\":",
            "\"endsAt\":", "\"data\":", "\"data_base64\":", "\"specversion\":\"1.0\"", "\"subject\":", "\"payload\":", "/*", "Content-Type: application/cloudevents+json\n", "Content-Type: application/json\n",
            "Content-Type: application/cloudevents-batch+json\n", "ce-specversion: 1.0\n", "ce-id: 1\n", "ce-type: a.resolved\n", "ce-subject: s\n", "ce-time: 2026-01-01T00:00:00Z\n", "ce-source: %E2%82\n", "ce-title: \"a\\\"b\"\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private readonly ITranslator _translator = Translators.Find(format)!;

    public string Name => "intake/" + format;

    public double Share => 1;

    public IReadOnlyList<byte[]> Corpus => corpus;

    public IReadOnlyList<byte[]> Words => Tokens;

    public byte[] Make(Random random) => make(random);

    public string Run(byte[] input)
    {
        var message = Message.Read(input);
        var context = new IntakeContext(name => message.Headers.GetValueOrDefault(name), () => message.Headers.Keys, Now, Duration.FromMinutes(5));
        var body = message.Body.ToArray();
        var said = _translator.Translate(body, context);
        Array.Fill(body, (byte)'x');
        var text = Dump.Of(said);
        Law.Equal(text, Dump.Of(_translator.Translate(message.Body, context)), "the same request says the same");
        Check(said);
        return Kind(said);
    }

    private static void Check(Translation said)
    {
        Law.Holds(said.Alerts.Length + said.Refused.Length > 0 || said.Note is not null, "an answer says something");
        Law.Holds(said.Alerts.Length <= IntakeLimits.MaxAlerts, "no more alerts than are allowed");
        foreach (var alert in said.Alerts)
            Check(alert);
        foreach (var refused in said.Refused)
        {
            Law.Holds(refused.Index >= 0 || said.Alerts.IsEmpty, "of a request that is refused as a whole nothing is accepted");
            Law.Holds(Problems.Status(refused.Reason) >= 400, $"{refused.Reason} is a refusal");
            Law.IsLine(refused.Detail, MaxDetail, "the detail");
            Law.IsText(refused.Detail, "the detail");
        }
    }

    private static void Check(Alert alert)
    {
        Law.Holds(alert.DedupKey.Length > 0 && Encoding.UTF8.GetByteCount(alert.DedupKey) <= IntakeLimits.MaxKeyBytes, "a key is there and within its limit");
        Law.IsLine(alert.Title, IntakeLimits.MaxTitleLength, "the title");
        Law.Holds(alert.Links.Length <= IntakeLimits.MaxLinks, "no more links than are allowed");
        foreach (var text in new[] { alert.DedupKey, alert.Title, alert.RawSeverity, alert.Service, alert.Source })
            Law.IsText(text, "an alert");
        foreach (var link in alert.Links)
            Law.IsText(link.Href + link.Text, "a link");
        Check(alert.Labels, isLabels: true);
        Check(alert.Annotations, isLabels: false);
        Law.Holds(alert.ExpiresAfter is null || alert.ExpiresAfter > Duration.Zero, "what ends by silence ends later");
    }

    private static void Check(LabelSet set, bool isLabels)
    {
        // The translator's own labels come on top of the sender's.
        Law.Holds(set.Count <= IntakeLimits.MaxLabels + 64, $"{set.Count} labels");
        foreach (var (name, value) in set)
        {
            Law.IsText(name, "a name");
            Law.IsText(value, "a value");
            Law.Holds(Encoding.UTF8.GetByteCount(name) <= IntakeLimits.MaxNameBytes, $"the name of a label has {name.Length} characters");
            Law.Holds(!isLabels || Encoding.UTF8.GetByteCount(value) <= IntakeLimits.MaxValueBytes, $"the label {name} has {value.Length} characters");
        }
    }

    private static string Kind(Translation said)
    {
        var kind = new StringBuilder();
        foreach (var one in said.Refused.Select(r => $"{r.Reason} {Law.Kind(r.Detail)}").Distinct(StringComparer.Ordinal).Take(3))
            kind.Append(one).Append(';');
        foreach (var a in said.Alerts.Take(2))
        {
            kind.Append(a.Action).Append(a.Identity).Append(a.Severity).Append(a.Service is null ? 's' : 'S').Append(Math.Min(a.Links.Length, 3)).Append(a.StartedAt is null ? 'b' : 'B')
                .Append(a.EndedAt is null ? 'e' : 'E').Append(a.ExpiresAfter is null ? 'x' : 'X').Append(Math.Min(a.Labels.Count, 4)).Append(Math.Min(a.Annotations.Count, 3));
        }

        return kind.Append(Math.Min(said.Alerts.Length, 4)).Append(said.Note).Append(said.RequestKey is null).ToString();
    }
}
