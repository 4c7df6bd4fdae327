using Incidents.Audit;
using Incidents.Integrations.Intake;

namespace Incidents.Testing.Intake;

/// <summary>Each limit, at it and over it; over it only the one alert is refused.</summary>
public class LimitsTests
{
    private const string Api = "alertmanager-api-v2-alerts";

    [Theory]
    [InlineData(Api)]
    [InlineData("alertmanager-webhook-v4")]
    [InlineData("generic-json")]
    public void Alerts_up_to_the_limit_are_taken_and_those_behind_refused_once(string format)
    {
        string Body(int count)
        {
            var alerts = $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $$$"""{"labels":{"i":"{{{i}}}"},"title":"t"}"""))}]";
            return format == "alertmanager-webhook-v4" ? $$$"""{"alerts":{{{alerts}}}}""" : alerts;
        }

        var full = Translate.Body(format, Body(IntakeLimits.MaxAlerts));
        Assert.Equal((IntakeLimits.MaxAlerts, 0), (full.Alerts.Length, full.Refused.Length));
        var over = Translate.Body(format, Body(IntakeLimits.MaxAlerts + 3));
        Assert.Equal(IntakeLimits.MaxAlerts, over.Alerts.Length);
        var refusal = Assert.Single(over.Refused);
        Assert.Equal((IntakeLimits.MaxAlerts, Reason.TooManyAlerts), (refusal.Index, refusal.Reason));
        Assert.StartsWith("3 alerts", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_value_is_bounded_in_utf8_bytes()
    {
        AcceptedThenRefused(n => Alert(("a", new string('x', n))), IntakeLimits.MaxValueBytes);
        AcceptedThenRefused(n => Alert(("a", new string('ü', n))), IntakeLimits.MaxValueBytes / 2);
    }

    [Fact]
    public void A_label_name_is_bounded_in_utf8_bytes() =>
        AcceptedThenRefused(n => Alert((new string('x', n), "v")), IntakeLimits.MaxNameBytes);

    [Fact]
    public void The_number_of_labels_is_bounded() =>
        AcceptedThenRefused(n => Alert([.. Enumerable.Range(0, n).Select(i => ($"l{i}", "v"))]), IntakeLimits.MaxLabels);

    [Fact]
    public void The_size_of_an_alert_is_bounded()
    {
        // Fifteen full values and one smaller fill it exactly, names counted; one byte more is too much.
        const int Full = 15;
        (string, string)[] values = [("alertname", "t"), .. Enumerable.Range(10, Full).Select(i => ($"l{i}", new string('x', IntakeLimits.MaxValueBytes)))];
        var rest = IntakeLimits.MaxAlertBytes - (Full * (IntakeLimits.MaxValueBytes + 3)) - "alertnamet".Length - 1;
        AcceptedThenRefused(n => Alert([.. values, ("z", new string('x', n))]), rest);
    }

    [Fact]
    public void A_key_is_bounded_in_utf8_bytes()
    {
        string Body(int length) => $$$"""[{"title":"a","dedup_key":"{{{new string('k', length)}}}"},{"title":"b"}]""";
        Assert.Equal(2, Translate.Body("generic-json", Body(IntakeLimits.MaxKeyBytes)).Alerts.Length);
        var over = Translate.Body("generic-json", Body(IntakeLimits.MaxKeyBytes + 1));
        Assert.Equal("b", Assert.Single(over.Alerts).Title);
        Assert.Equal((0, Reason.TooLarge), (over.Refused[0].Index, over.Refused[0].Reason));
    }

    [Fact]
    public void An_annotation_over_the_limit_is_cut_at_a_character()
    {
        var text = new string('x', IntakeLimits.MaxValueBytes - 1) + "🙂🙂";
        var alert = Translate.Single(Api, $$$"""[{"labels":{"a":"b"},"annotations":{"n":"{{{text}}}"}}]""");
        Assert.Equal(text[..(IntakeLimits.MaxValueBytes - 1)], alert.Annotations["n"]);
    }

    [Fact]
    public void A_refusal_names_the_label_but_not_its_value()
    {
        var refusal = Translate.Refused(Api, $"[{Alert(("token", new string('s', IntakeLimits.MaxValueBytes + 1)))}]");
        Assert.Equal($"label value longer than {IntakeLimits.MaxValueBytes} bytes: token", refusal.Detail);
    }

    // The alert stands before a good one, which is taken either way.
    private static void AcceptedThenRefused(Func<int, string> alert, int limit)
    {
        foreach (var format in new[] { Api, "generic-json" })
        {
            string Body(int size) => $"[{alert(size)},{Alert(("own", "good"))}]";
            Assert.Equal((2, 0), (Translate.Body(format, Body(limit)).Alerts.Length, Translate.Body(format, Body(limit)).Refused.Length));
            var over = Translate.Body(format, Body(limit + 1));
            Assert.Equal("good", Assert.Single(over.Alerts).Labels["own"]);
            Assert.Equal((0, Reason.TooLarge), (Assert.Single(over.Refused).Index, over.Refused[0].Reason));
        }
    }

    private static string Alert(params (string Name, string Value)[] labels) =>
        "{\"title\":\"t\",\"labels\":{" + string.Join(',', labels.Select(l => $"\"{l.Name}\":\"{l.Value}\"")) + "}}";
}
