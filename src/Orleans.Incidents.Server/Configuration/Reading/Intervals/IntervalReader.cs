using System.Collections.Immutable;
using Incidents.Routing;
using Incidents.Routing.Intervals;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads <c>time_intervals</c> and the older <c>mute_time_intervals</c>, which mean the same.</summary>
internal static class IntervalReader
{
    /// <summary>Every interval by its name; a name is used once in both sections together.</summary>
    public static ImmutableSortedDictionary<string, TimeIntervalDefinition> ReadAll(params ReadOnlySpan<Value?> sections)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, TimeIntervalDefinition>(StringComparer.Ordinal);
        foreach (var section in sections)
        {
            foreach (var item in section?.Items() ?? [])
            {
                var fields = item.Fields(Shapes.TimeIntervals);
                var definition = new TimeIntervalDefinition(fields["name"]?.Text() ?? "", [.. (fields["time_intervals"]?.Items() ?? []).Select(Read)]);
                if (definition.Name.Length > 0 && !all.TryAdd(definition.Name, definition))
                    fields["name"]!.Error($"there are two time intervals called {ErrorList.Quote(definition.Name)}");
            }
        }

        return all.ToImmutable();
    }

    /// <summary>One interval.</summary>
    public static TimeInterval Read(Value value)
    {
        var fields = value.Fields(Shapes.Interval);
        return new TimeInterval
        {
            Times = [.. List(fields["times"]).Select(ReadTimes)],
            Weekdays = Ranges(fields["weekdays"], IntervalText.Weekdays),
            DaysOfMonth = Ranges(fields["days_of_month"], IntervalText.DaysOfMonth),
            Months = Ranges(fields["months"], IntervalText.Months),
            Years = Ranges(fields["years"], IntervalText.Years),
            Location = Location(fields["location"]),
        };
    }

    /// <summary>A part of the day.</summary>
    public static MinuteRange ReadTimes(Value value)
    {
        var fields = value.Fields(Shapes.Times);
        var (start, end) = (Read(fields["start_time"], IntervalText.Minute), Read(fields["end_time"], IntervalText.Minute));
        if (start >= end)
            value.Error("must end later than it begins; what goes over midnight is two ranges");
        return new MinuteRange(start ?? 0, end ?? 1);
    }

    private static ImmutableArray<NumberRange> Ranges(Value? value, Func<string, Parsed<NumberRange>> parse) =>
        [.. List(value).Select(v => Read(v, parse)).OfType<NumberRange>()];

    // Alertmanager takes an empty list for one that nothing is in; whoever writes one more likely means anything.
    private static ImmutableArray<Value> List(Value? value)
    {
        if (value is { Node: ListNode { Items.IsEmpty: true } })
            value.Error("needs at least one range; leave the key out where anything holds");
        return value?.Items() ?? [];
    }

    private static NumberRange? Read(Value value, Func<string, Parsed<NumberRange>> parse) =>
        Text(value, parse) is { } parsed ? parsed.Value : null;

    private static int? Read(Value? value, Func<string, Parsed<int>> parse) =>
        value is not null && Text(value, parse) is { } parsed ? parsed.Value : null;

    private static Parsed<T>? Text<T>(Value value, Func<string, Parsed<T>> parse)
        where T : notnull
    {
        if (value.Text() is not { } text)
            return null;
        var parsed = parse(text);
        if (parsed.TryGet(out _, out var error))
            return parsed;
        value.Error(error.Message);
        return null;
    }

    private static string? Location(Value? value)
    {
        if (value?.Text() is not { } name)
            return null;
        if (IntervalText.IsLocation(name))
            return name;
        value.Error($"no time zone is called {ErrorList.Quote(name)}; expected an IANA name such as Europe/Berlin");
        return null;
    }
}
