using Incidents.Heartbeats;
using Incidents.Server.Configuration.Yaml;
using NodaTime;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads how often an integration is heard: <c>every</c> and <c>grace</c>, which go with the format <c>heartbeat</c> and no other.</summary>
internal static class HeartbeatReader
{
    private static readonly Duration Shortest = Duration.FromSeconds(1);
    private static readonly Duration Longest = Duration.FromDays(366);

    public static HeartbeatRule? Read(string format, Fields fields)
    {
        var every = WatchdogReader.Between(fields["every"], Shortest, Longest);
        var grace = WatchdogReader.Between(fields["grace"], Shortest, Longest) ?? HeartbeatRule.DefaultGrace;
        if (format == HeartbeatRule.Format)
        {
            if (fields["every"] is null)
                fields.Missing("every", "is required for heartbeat: silence for longer is an alert");
            return new HeartbeatRule(every ?? Longest, grace);
        }

        foreach (var key in new[] { "every", "grace" })
            fields[key]?.Error("goes with the format heartbeat only");
        return null;
    }
}
