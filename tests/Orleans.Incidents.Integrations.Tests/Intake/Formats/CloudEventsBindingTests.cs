using System.Text;
using Incidents.Audit;
using Incidents.Integrations.Intake;

namespace Incidents.Testing.Intake.Formats;

/// <summary>What is an event at all: content modes, headers, attributes.</summary>
public class CloudEventsBindingTests
{
    private const string Data = "{\"title\":\"T\"}";

    private static readonly string One = CloudEventsTests.Event("t", "\"data\":{\"title\":\"T\"}");

    public static TheoryData<string> Names() => ["cloudevents-structured", "cloudevents-binary", "cloudevents-batch"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_content_type_decides_the_mode_whatever_the_formats_name(string format)
    {
        Assert.Equal("T", Assert.Single(Send(format, One, ("Content-Type", "application/cloudevents+json; charset=utf-8"), ("ce-specversion", "9")).Alerts).Title);
        Assert.Equal("T", Assert.Single(Send(format, $"[{One}]", ("content-type", "Application/CloudEvents-Batch+JSON")).Alerts).Title);
        Assert.Equal("T", Assert.Single(Send(format, Data, Attributes(("Content-Type", "application/json"))).Alerts).Title);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_neither_is_no_event(string format)
    {
        Refused(Send(format, One, ("Content-Type", "application/json")), -1, Reason.MissingField, "not a CloudEvent: the Content-Type is neither");
        Refused(Send(format, One, ("Content-Type", "application/cloudevents+avro")), -1, Reason.InvalidValue, "events in the format of application/cloudevents+avro are not read");
        Refused(Send(format, One, ("Content-Type", "application/cloudevents")), -1, Reason.InvalidValue, "events in the format of application/cloudevents are not read");
    }

    [Fact]
    public void A_refusal_repeats_little_of_what_was_sent()
    {
        Refused(Send("cloudevents-batch", One, ("Content-Type", "application/cloudevents\u0080" + new string('x', 30_000))), -1, Reason.InvalidValue, "events in the format of application/cloudevents xxx");
        var named = Send("cloudevents-binary", Data, Attributes(("Content-Type", "application/json"), ("ce-" + new string('x', 30_000), "%FF")));
        Assert.InRange(named.Refused[0].Detail.Length, 60, 200);
    }

    [Fact]
    public void Without_any_header_the_formats_name_decides()
    {
        Assert.Single(Send("cloudevents-structured", One).Alerts);
        Assert.Single(Send("cloudevents-batch", $"[{One}]").Alerts);
        Refused(Send("cloudevents-binary", Data), -1, Reason.MissingField, "not a CloudEvent");
    }

    [Theory]
    [InlineData("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀")]
    [InlineData("%e2%82%ac", "€")]
    [InlineData("%41%25%32%35", "A%25")]
    [InlineData("plain, with a comma", "plain, with a comma")]
    [InlineData("100% sure", "100% sure")]
    [InlineData("50%", "50%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("\"in \\\"old\\\" quotes%20\"", "in \"old\" quotes ")]
    [InlineData("\"", "\"")]
    [InlineData("Grüße", "Grüße")]
    public void Header_values_are_unquoted_and_percent_decoded_once(string header, string value)
    {
        var alert = Assert.Single(Send("cloudevents-binary", Data, Attributes(("Content-Type", "application/json"), ("CE-Region", header))).Alerts);
        Assert.Equal(value, alert.Labels["region"]);
    }

    [Theory]
    [InlineData("%C0%A0")]
    [InlineData("%ED%A0%80")]
    [InlineData("%FF")]
    public void A_header_that_decodes_to_no_utf8_is_refused(string header)
    {
        var refused = Send("cloudevents-binary", Data, Attributes(("Content-Type", "application/json"), ("ce-region", header)));
        Refused(refused, 0, Reason.InvalidValue, "ce-region is not UTF-8 when it is percent-decoded");
    }

    [Fact]
    public void Names_of_headers_have_any_case_and_only_the_prefixed_ones_are_attributes()
    {
        var translation = Send("cloudevents-binary", Data, ("CE-SpecVersion", "1.0"), ("Ce-Id", "1"), ("CE-SOURCE", "/s"), ("ce-type", "t"),
            ("Ce-Team", "db"), ("X-Other", "no"), ("ce-datacontenttype", "text/plain"), ("Content-Type", "APPLICATION/JSON"));
        var alert = Assert.Single(translation.Alerts);
        Assert.Equal(("db", "", ""), (alert.Labels["team"], alert.Labels["X-Other"], alert.Labels["datacontenttype"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/octet-stream")]
    public void Data_that_is_not_declared_json_is_not_taken_for_it(string? type)
    {
        var headers = type is null ? Attributes() : Attributes(("Content-Type", type));
        Assert.Empty(Send("cloudevents-binary", Data, headers).Alerts);
        Assert.Empty(Send("cloudevents-binary", Data, headers).Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("\"I'm just a string\"")]
    public void Any_json_and_no_data_at_all_are_good_data(string body) =>
        Assert.Empty(Send("cloudevents-binary", body, Attributes(("Content-Type", "application/json"))).Refused);

    [Fact]
    public void Data_that_is_declared_json_and_is_none_is_refused()
    {
        Refused(Send("cloudevents-binary", "I'm just a string", Attributes(("Content-Type", "application/json"))), 0, Reason.Malformed, "data: the body is not JSON");
        Refused(Send("cloudevents-binary", new string('[', 50), Attributes(("Content-Type", "application/json"))), 0, Reason.TooDeep, "data: ");
    }

    [Theory]
    [InlineData("ce-id", "", Reason.MissingField)]
    [InlineData("ce-source", "%20", Reason.MissingField)]
    [InlineData("ce-subject", "", Reason.InvalidValue)]
    [InlineData("ce-subject", "%0a", Reason.InvalidValue)]
    [InlineData("ce-subject", "a%07b", Reason.InvalidValue)]
    [InlineData("ce-specversion", "0.3", Reason.InvalidValue)]
    [InlineData("ce-time", "yesterday", Reason.InvalidValue)]
    public void A_bad_attribute_is_refused_by_the_name_of_its_header(string header, string value, Reason reason) =>
        Refused(Send("cloudevents-binary", Data, Attributes(("Content-Type", "application/json"), (header, value))), 0, reason, header);

    [Theory]
    [InlineData("""{"id":"1","source":"/s","type":"t"}""", Reason.MissingField, "specversion is missing or blank")]
    [InlineData("""{"specversion":"1.0","source":"/s","type":"t"}""", Reason.MissingField, "id is missing or blank")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"t"}""", Reason.MissingField, "source is missing or blank")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s"}""", Reason.MissingField, "type is missing or blank")]
    [InlineData("""{"specversion":"1.0","id":null,"source":"/s","type":"t"}""", Reason.MissingField, "id is missing or blank")]
    [InlineData("""{"specversion":"1.0","id":"","source":"/s","type":"t"}""", Reason.MissingField, "id is missing or blank")]
    [InlineData("""{"specversion":"1.0","id":7,"source":"/s","type":"t"}""", Reason.WrongType, "id must be a string")]
    [InlineData("""{"specversion":1.0,"id":"1","source":"/s","type":"t"}""", Reason.WrongType, "specversion must be a string")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/s","type":"t"}""", Reason.InvalidValue, "specversion must be 1.0")]
    [InlineData("""{"specversion":"1.1","id":"1","source":"/s","type":"t"}""", Reason.InvalidValue, "specversion must be 1.0")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","subject":""}""", Reason.InvalidValue, "subject must not be blank")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","datacontenttype":5}""", Reason.WrongType, "datacontenttype must be a string")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data":1,"data_base64":"YQ=="}""", Reason.InvalidValue, "data and data_base64 exclude each other")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data_base64":"... base64 ..."}""", Reason.InvalidValue, "data_base64 is not base64")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data_base64":{}}""", Reason.WrongType, "data_base64 must be a string")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data_base64":"e30K","datacontenttype":"text/json"}""", null, null)]
    [InlineData("7", Reason.WrongType, "an event must be an object")]
    public void A_bad_event_of_a_batch_is_refused_by_its_place_and_the_others_are_taken(string bad, Reason? reason, string? detail)
    {
        var translation = Send("cloudevents-batch", $"[{One},{bad},{One}]", ("Content-Type", "application/cloudevents-batch+json"));
        Assert.Equal(2, translation.Alerts.Length);
        if (reason is { } named)
            Refused(translation with { Alerts = [] }, 1, named, detail!);
        else
            Assert.Empty(translation.Refused);
    }

    [Theory]
    [InlineData("2018-04-05T17:31:00Z", true)]
    [InlineData("2018-04-05t17:31:00z", true)]
    [InlineData("2018-04-05T17:31:00.123456789+05:30", true)]
    [InlineData("2018-04-05T17:31:00-00:00", true)]
    [InlineData("2018-04-05T23:59:60Z", true)]
    [InlineData("2018-04-05T17:31:00", false)]
    [InlineData("2018-04-05T17:31Z", false)]
    [InlineData("2018-04-05T17:31:00+0000", false)]
    [InlineData("2018-04-05T17:31:00,5Z", false)]
    [InlineData("2018-04-05", false)]
    [InlineData("1522949460", false)]
    [InlineData("2018-02-30T17:31:00Z", false)]
    public void A_time_is_rfc_3339(string time, bool good)
    {
        var translation = Send("cloudevents-structured", CloudEventsTests.Event("t", $"\"time\":\"{time}\",\"data\":{{\"title\":\"T\"}}"));
        Assert.Equal(good ? 1 : 0, translation.Alerts.Length);
        if (!good)
            Refused(translation, 0, Reason.InvalidValue, "time must be an RFC 3339 time");
    }

    [Fact]
    public void Gos_zero_time_is_none() =>
        Assert.Null(Assert.Single(Send("cloudevents-structured", CloudEventsTests.Event("t", "\"time\":\"0001-01-01T00:00:00Z\",\"data\":{\"title\":\"T\"}")).Alerts).StartedAt);

    [Fact]
    public void A_root_of_the_wrong_shape_names_the_right_media_type()
    {
        Refused(Send("cloudevents-batch", One), -1, Reason.WrongType, "the body must be an array of events; for one alone send application/cloudevents+json");
        Refused(Send("cloudevents-structured", "[]"), -1, Reason.WrongType, "the body must be an object, one event; for an array send application/cloudevents-batch+json");
        Assert.Equal("the request carries no alert", Send("cloudevents-batch", "[]").Note);
    }

    [Fact]
    public void An_extension_may_be_oddly_named_or_shaped()
    {
        var alert = Assert.Single(Send("cloudevents-structured", CloudEventsTests.Event("t", "\"Trace_Id\":\"x\",\"nested\":{\"a\":[1]},\"half\":1.5,\"data\":{\"title\":\"T\"}")).Alerts);
        Assert.Equal(("x", "{\"a\":[1]}", "1.5"), (alert.Labels["Trace_Id"], alert.Labels["nested"], alert.Labels["half"]));
    }

    [Fact]
    public void Only_the_event_over_a_limit_is_refused()
    {
        var big = CloudEventsTests.Event("t", $"\"region\":\"{new string('x', IntakeLimits.MaxValueBytes + 1)}\",\"data\":{{\"title\":\"T\"}}");
        var translation = Send("cloudevents-batch", $"[{big},{One}]");
        Assert.Single(translation.Alerts);
        Refused(translation with { Alerts = [] }, 0, Reason.TooLarge, "label value longer than");
    }

    private static (string, string)[] Attributes(params (string Name, string Value)[] more) =>
        [.. new[] { ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t") }.Where(a => more.All(m => m.Name != a.Item1)), .. more];

    private static Translation Send(string format, string body, params (string Name, string Value)[] headers)
    {
        var map = headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase);
        return Translators.Find(format)!.Translate(Encoding.UTF8.GetBytes(body), Translate.Context(map));
    }

    private static void Refused(Translation translation, int index, Reason reason, string detail)
    {
        Assert.Empty(translation.Alerts);
        var refusal = Assert.Single(translation.Refused);
        Assert.Equal((index, reason), (refusal.Index, refusal.Reason));
        Assert.StartsWith(detail, refusal.Detail, StringComparison.Ordinal);
    }
}
