using Incidents.Routing.Intervals;
using Incidents.Routing.Matchers;
using Incidents.Server.Configuration;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using NodaTime;

namespace Incidents.Server.Tests.Configuration;

public sealed class TimeIntervalTests
{
    private const string File = """
        responders: {a: }
        policies: {sre: {steps: [{targets: [a]}]}}
        time_intervals:
          - name: nights
            time_intervals:
              - times: [{start_time: "18:00", end_time: "24:00"}]
                weekdays: [monday:friday, SUNDAY]
                days_of_month: [1, -7:-1]
                months: [5, june:august]
                years: [2026, 2028:2030]
                location: Europe/Berlin
              - {}
        mute_time_intervals:
          - name: office
        route:
          receiver: sre
          routes:
            - mute_time_intervals: [nights]
              active_time_intervals: [office, nights]
              routes: [{receiver: sre}]
        """;

    [Fact]
    public void Both_sections_arrive_with_every_field()
    {
        var catalogue = ConfigText.Catalogue(File);
        Assert.Equal(["nights", "office"], catalogue.TimeIntervals.Keys);
        Assert.Empty(catalogue.TimeIntervals["office"].Intervals);
        var first = catalogue.TimeIntervals["nights"].Intervals[0];
        Assert.Equal([new(1080, 1440)], first.Times);
        Assert.Equal([new(1, 5), new(0, 0)], first.Weekdays);
        Assert.Equal([new(1, 1), new(-7, -1)], first.DaysOfMonth);
        Assert.Equal([new(5, 5), new(6, 8)], first.Months);
        Assert.Equal([new(2026, 2026), new(2028, 2030)], first.Years);
        Assert.Equal("Europe/Berlin", first.Location);
        Assert.True(catalogue.TimeIntervals["nights"].Intervals[1].Contains(Instant.FromUtc(1999, 1, 1, 0, 0)));
    }

    [Fact]
    public void A_route_is_mute_by_the_intervals_it_names_and_its_children_are_not()
    {
        var routes = new Registry(ConfigText.Catalogue(File)).Routes!.All;
        Assert.Equal([null, "nights/office,nights", null], routes.Select(r => r.Mutes is { } m ? $"{Names(m.Muted)}/{Names(m.Active)}" : null));

        static string Names(IEnumerable<TimeIntervalDefinition> intervals) => string.Join(',', intervals.Select(i => i.Name));
    }

    [Theory]
    [InlineData("[office, nights]", "[office, nihts]", "19:39: route.routes[0].active_time_intervals[1]: no time interval is called \"nihts\" (time intervals: nights, office)")]
    [InlineData("mute_time_intervals: [nights]", "mute_time_intervals: [3]", "18:29: route.routes[0].mute_time_intervals[0]: no time interval is called \"3\" (time intervals: nights, office)")]
    [InlineData("- name: office", "- name: nights", "14:11: mute_time_intervals[0].name: there are two time intervals called \"nights\"")]
    [InlineData("- name: office", "- time_intervals: []", "14:5: mute_time_intervals[0].name: is required")]
    [InlineData("monday:friday, SUNDAY", "mon, sunday", "7:20: time_intervals[0].time_intervals[0].weekdays[0]: \"mon\" is no weekday")]
    [InlineData("monday:friday", "friday:monday", "7:20: time_intervals[0].time_intervals[0].weekdays[0]: \"friday:monday\" ends before it begins")]
    [InlineData("[monday:friday, SUNDAY]", "[]", "7:19: time_intervals[0].time_intervals[0].weekdays: needs at least one range; leave the key out where anything holds")]
    [InlineData("\"18:00\"", "\"25:00\"", "6:30: time_intervals[0].time_intervals[0].times[0].start_time: \"25:00\" is no time of day from 00:00 to 24:00")]
    [InlineData("\"24:00\"", "\"08:00\"", "6:17: time_intervals[0].time_intervals[0].times[0]: must end later than it begins; what goes over midnight is two ranges")]
    [InlineData("[1, -7:-1]", "[0]", "8:25: time_intervals[0].time_intervals[0].days_of_month[0]: \"0\" is no day of the month")]
    [InlineData("[1, -7:-1]", "[28:-1]", "8:25: time_intervals[0].time_intervals[0].days_of_month[0]: end day -1 may come before start day 28")]
    [InlineData("Europe/Berlin", "Europe/Belin", "11:19: time_intervals[0].time_intervals[0].location: no time zone is called \"Europe/Belin\"; expected an IANA name such as Europe/Berlin")]
    [InlineData("months:", "month:", "9:9: time_intervals[0].time_intervals[0]: unknown key \"month\"; did you mean \"months\"?")]
    public void What_is_wrong_is_reported_where_it_stands(string piece, string by, string expected)
    {
        Assert.Equal(2, File.Split(piece).Length);

        // A route that names what could not be read may be reported behind it.
        Assert.Equal($"incidents.yaml:{expected}", ConfigText.Errors(File.Replace(piece, by, StringComparison.Ordinal))[0]);
    }

    [Theory]
    [InlineData("mute_time_intervals")]
    [InlineData("active_time_intervals")]
    public void The_root_is_never_mute(string key)
    {
        var folder = Directory.CreateTempSubdirectory("incidents-");
        try
        {
            var path = Path.Combine(folder.FullName, "incidents.yaml");
            System.IO.File.WriteAllText(path, File.Replace("  receiver: sre\n  routes", $"  receiver: sre\n  {key}: [nights]\n  routes", StringComparison.Ordinal));
            var refused = Assert.Throws<ConfigRefusedException>(() =>
                ConfigFile.Load(path, MatcherMode.Fallback, TextWriter.Null));
            Assert.Matches($@":17:\d+: route\.{key}: root route must not have any (mute|active) time intervals$", refused.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
