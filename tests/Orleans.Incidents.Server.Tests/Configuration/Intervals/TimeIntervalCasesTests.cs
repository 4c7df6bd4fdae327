using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Incidents.Routing.Intervals;
using Incidents.Server.Configuration;
using Incidents.Server.Configuration.Reading;
using Incidents.Server.Configuration.Yaml;
using Incidents.Testing;
using NodaTime;
using NodaTime.Text;

namespace Incidents.Server.Tests.Configuration;

/// <summary>Alertmanager's own cases, read by the reader of the configuration file.</summary>
public sealed class TimeIntervalCasesTests
{
    private static readonly Lazy<Dictionary<string, JsonElement>> All = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Path("cases", "timeintervals.json"))).RootElement.GetProperty("cases").EnumerateArray().ToDictionary(c => c.GetProperty("id").GetString()!));

    public static TheoryData<string> Ids() => SharedFolder.Present ? [.. All.Value.Keys] : ["absent"];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Peers_case_is_decided_as_there(string id)
    {
        var @case = All.Value[id];
        switch (@case.GetProperty("kind").GetString())
        {
            case "contains":
                Contain(@case, [Interval(@case.GetProperty("interval"))]);
                break;
            case "yaml_contains":
                Contain(@case, [Good(@case, "intervalYaml", IntervalReader.Read)]);
                break;
            case "yaml_list":
                Expect(@case, "intervals", "intervalsYaml", list => list.Items().Select(IntervalReader.Read).ToImmutableArray(), read => Contain(@case, read), e => Text([.. e.EnumerateArray().Select(Interval)]), Text);
                break;
            case "yaml_parse":
                Expect(@case, "interval", "intervalYaml", IntervalReader.Read, _ => { }, e => Text([Interval(e)]), read => Text([read]));
                break;
            case "time_range_parse":
                Expect(@case, "startMinute", "input", IntervalReader.ReadTimes, read => Assert.Equal(@case.GetProperty("expect").GetProperty("endMinute").GetInt32(), read.End), e => e.ToString(), read => $"{read.Start}");
                break;
            case "muted_by":
                MutedBy(@case);
                break;
            default:
                Assert.Fail($"a kind of case that is not known: {@case}");
                break;
        }
    }

    private static void MutedBy(JsonElement @case)
    {
        var now = At(@case.GetProperty("now"));
        var definitions = @case.GetProperty("intervals").EnumerateObject().Select(i => new TimeIntervalDefinition(i.Name, [.. i.Value.EnumerateArray().Select(Interval)]));
        Assert.Equal(@case.GetProperty("expect").GetProperty("mutedBy").EnumerateArray().Select(n => n.GetString()), definitions.Where(d => d.Contains(now)).Select(d => d.Name).Order(StringComparer.Ordinal));
    }

    private static void Contain(JsonElement @case, ImmutableArray<TimeInterval> intervals) =>
        Assert.All(@case.GetProperty("times").EnumerateArray(), t => Assert.Equal(t.GetProperty("contains").GetBoolean(), intervals.Any(i => i.Contains(At(t.GetProperty("at"))))));

    private static T Good<T>(JsonElement @case, string field, Func<Value, T> read)
    {
        var (value, errors) = Read(@case, field, read);
        Assert.Empty(errors);
        return value;
    }

    private static void Expect<T>(JsonElement @case, string field, string input, Func<Value, T> read, Action<T> also, Func<JsonElement, string> expected, Func<T, string> text)
    {
        var expect = @case.GetProperty("expect");
        var (value, errors) = Read(@case, input, read);
        Assert.Equal(expect.TryGetProperty("error", out _), errors.Count > 0);
        if (errors.Count > 0)
            return;
        Assert.Equal(expected(expect.GetProperty(field)), text(value));
        also(value);
    }

    private static (T Value, IReadOnlyList<ConfigError> Errors) Read<T>(JsonElement @case, string field, Func<Value, T> read)
    {
        var errors = new ErrorList("case");
        var value = read(ConfigLoader.Parse(Encoding.UTF8.GetBytes(@case.GetProperty(field).GetString()!), errors)!);
        return (value, [.. errors.InOrder()]);
    }

    private static TimeInterval Interval(JsonElement json) => new()
    {
        Times = [.. Pairs(json, "timesMinutes").Select(p => new MinuteRange(p.First, p.Last))],
        Weekdays = Pairs(json, "weekdays"),
        DaysOfMonth = Pairs(json, "daysOfMonth"),
        Months = Pairs(json, "months"),
        Years = Pairs(json, "years"),
        Location = json.TryGetProperty("location", out var location) ? location.GetString() : null,
    };

    private static ImmutableArray<NumberRange> Pairs(JsonElement json, string field) =>
        json.TryGetProperty(field, out var pairs) ? [.. pairs.EnumerateArray().Select(p => new NumberRange(p[0].GetInt32(), p[1].GetInt32()))] : [];

    private static string Text(ImmutableArray<TimeInterval> intervals) => JsonSerializer.Serialize(intervals);

    private static Instant At(JsonElement text) => OffsetDateTimePattern.Rfc3339.Parse(text.GetString()!).Value.ToInstant();
}
