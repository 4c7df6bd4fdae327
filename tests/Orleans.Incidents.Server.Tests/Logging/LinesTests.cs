using System.Text.Json;
using Incidents.Server.Configuration;
using Incidents.Server.Logging;
using Microsoft.Extensions.Logging;

namespace Incidents.Server.Tests.Logging;

public sealed class LinesTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    [Fact]
    public void A_text_line_has_time_level_event_sentence_and_the_fields_that_the_sentence_leaves_out() => Assert.Equal(
        "2026-03-01T12:00:00.250Z warning Refused: 3 refused: NoRoute integration=grafana",
        Lines.Write(Sample(("Count", 3L), ("Reason", "NoRoute"), ("identity", null), ("integration", "grafana")), LogFormat.Text));

    [Fact]
    public void A_json_line_is_one_object_with_every_field_that_is_there()
    {
        var json = JsonDocument.Parse(Lines.Write(Sample(("Count", 3L), ("Reason", "NoRoute"), ("identity", null), ("seconds", 0.5)), LogFormat.Json)).RootElement;

        Assert.Equal(["time", "level", "event", "id", "logger", "message", "count", "reason", "seconds"], json.EnumerateObject().Select(m => m.Name));
        Assert.Equal(("warning", "Refused", 4002, 3), (json.GetProperty("level").GetString(), json.GetProperty("event").GetString(), json.GetProperty("id").GetInt32(), json.GetProperty("count").GetInt32()));
    }

    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Json)]
    public void A_value_cannot_begin_a_line_of_its_own(LogFormat format)
    {
        var forged = "x\r\n2026-03-01T12:00:00.250Z critical LeftService: \u001b[31mall is lost\0";
        var line = Lines.Write(Sample(("integration", forged)) with { Message = forged, Error = new InvalidOperationException(forged) }, format);

        Assert.DoesNotContain(line, char.IsControl);
    }

    [Fact]
    public void An_error_is_on_the_same_line() =>
        Assert.EndsWith("| System.InvalidOperationException: broken", Lines.Write(Sample() with { Error = new InvalidOperationException("broken") }, LogFormat.Text), StringComparison.Ordinal);

    private static Line Sample(params (string Name, object? Value)[] fields) => new(
        At, LogLevel.Warning, new EventId(4002, "Refused"), "Incidents", "3 refused: NoRoute", "{Count} refused: {Reason}",
        [.. fields.Select(f => new KeyValuePair<string, object?>(f.Name, f.Value))], null);
}
