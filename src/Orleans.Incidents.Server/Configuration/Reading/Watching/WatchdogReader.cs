using Incidents.Routing;
using Incidents.Server.Configuration.Yaml;
using Incidents.Services;
using NodaTime;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads <c>watchdog</c>: how the server watches itself.</summary>
internal static class WatchdogReader
{
    private static readonly Duration Shortest = Duration.FromSeconds(1);
    private static readonly Duration Longest = Duration.FromHours(1);

    public static WatchdogDefinition Read(Value value, Names services, SecretReader secrets)
    {
        var fields = value.Fields(Shapes.Watchdog);
        return new WatchdogDefinition(
            services.Resolve(fields["service"]),
            secrets.SecretUrl(fields["heartbeat_url"]),
            Between(fields["every"], Shortest, Longest) ?? WatchdogDefinition.DefaultEvery,
            Between(fields["late_after"], Shortest, Longest) ?? WatchdogDefinition.DefaultLateAfter);
    }

    /// <summary>A duration within bounds, both included.</summary>
    public static Duration? Between(Value? value, Duration least, Duration most)
    {
        var duration = value?.Duration();
        if (duration < least || duration > most)
            value!.Error($"must be from {DurationText.Format(least)} to {DurationText.Format(most)}");
        return duration;
    }
}
