using System.Collections.Immutable;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Every mapping with fixed keys that the file may hold.</summary>
internal static class Shapes
{
    public static Shape Root { get; } = new("root", [], ["identities", "responders", "policies", "services", "integrations", "email", "watchdog", "time_intervals", "mute_time_intervals", "route"]);

    public static Shape Responder { get; } = new("responder", [], ["name", "contacts"]);

    public static Shape Contact { get; } = new("contact", ["channel"], ["url", "address", "secret"]);

    public static Shape Policy { get; } = new("policy", ["steps"], ["repeat"]);

    public static Shape Step { get; } = new("step", ["targets"], ["timeout"]);

    public static Shape Service { get; } = new("service", ["policy"], ["title", "owner", "page_from", "opening_budget", "critical_reserve", "acknowledgement_lease"]);

    public static Shape Identity { get; } = new("identity", ["kind", "expires"], ["sponsor", "token", "request_budget", "may_operate"]);

    public static Shape Integration { get; } = new(
        "integration",
        ["format", "token"],
        ["identity", "sponsor", "expires", "request_budget", "default_labels", "severity_map", "resolve_timeout", "every", "grace"]);

    public static Shape Email { get; } = new("email", ["host", "from"], ["port", "tls", "username", "password"]);

    public static Shape Watchdog { get; } = new("watchdog", ["service"], ["heartbeat_url", "every", "late_after"]);

    public static Shape TimeIntervals { get; } = new("intervals", ["name"], ["time_intervals"]);

    public static Shape Interval { get; } = new("interval", [], ["times", "weekdays", "days_of_month", "months", "years", "location"]);

    public static Shape Times { get; } = new("times", ["start_time", "end_time"], []);

    /// <summary>Alertmanager's route block with our own keys added.</summary>
    public static Shape Route { get; } = new(
        "route",
        [],
        [
            "receiver", "group_by", "group_wait", "group_interval", "repeat_interval", "reopen_window", "flap_count", "flap_window",
            "open_after", "open_within", "open_at_once_from",
            "match", "match_re", "matchers", "continue", "mute_time_intervals", "active_time_intervals", "labels", "routes",
        ]);

    public static ImmutableArray<Shape> All { get; } = [Root, Responder, Contact, Policy, Step, Service, Identity, Integration, Email, Watchdog, TimeIntervals, Interval, Times, Route];
}
