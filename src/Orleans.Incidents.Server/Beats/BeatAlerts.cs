using Incidents.Alerts;
using Incidents.Routing;

namespace Incidents.Server.Beats;

/// <summary>The alerts that heartbeats and their absence are. All of one sender share a key: the next beat ends whichever it was.</summary>
internal static class BeatAlerts
{
    /// <summary>The dedup key within the integration.</summary>
    public const string Key = "heartbeat";

    public static Alert Silent(Pulse pulse) => Make(pulse, AlertAction.Trigger, pulse.Heard is { } heard
        ? $"{pulse.Integration.Id} is silent since {heard}: it should be heard every {DurationText.Format(pulse.Rule.Every)}"
        : $"{pulse.Integration.Id} was never heard since it was configured at {pulse.Since}: it should be every {DurationText.Format(pulse.Rule.Every)}");

    public static Alert Failed(Pulse pulse) => Make(pulse, AlertAction.Trigger, $"{pulse.Integration.Id} says that it failed");

    public static Alert Heard(Pulse pulse) => Make(pulse, AlertAction.Resolve, $"{pulse.Integration.Id} is heard again");

    // What the integration's labels say counts before what is said here.
    private static Alert Make(Pulse pulse, AlertAction action, string title)
    {
        var labels = LabelSet.Of("alertname", "Heartbeat", "heartbeat", pulse.Integration.Id).With(pulse.Integration.DefaultLabels);
        var severity = labels["severity"];
        return new Alert
        {
            Action = action, DedupKey = Key, Identity = AlertIdentity.Key, Title = title, Labels = labels, Source = pulse.Integration.Id,
            Severity = SeverityWords.Read(severity), RawSeverity = severity.Length == 0 ? null : severity,
        };
    }
}
