using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Escalation;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Responders;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Core.Tests.Decisions;

/// <summary>The cast of the tests: one service, one policy of two steps, one group, one incident.</summary>
internal static class Some
{
    public static readonly Instant Now = Instant.FromUtc(2026, 3, 1, 12, 0);

    public static readonly Caller Monitoring = new("monitoring", IdentityKind.Service);
    public static readonly Caller Alice = new("alice", IdentityKind.Human);
    public static readonly Caller Agent = new("triage-agent", IdentityKind.Agent);

    public static readonly CommandId Command = new(0x1234);

    /// <summary>The id that a group proposes when it decides on <see cref="Command"/> at <see cref="Now"/>.</summary>
    public static readonly string Incident = Command.IncidentId(Now, StreamId.Service("shop").Shard);

    public static readonly StreamId Group = StreamId.GroupByLabels("shop", 7);
    public static readonly StreamId OtherGroup = StreamId.GroupByLabels("shop", 8);
    public static readonly LabelSet Labels = LabelSet.Of("alertname", "CheckoutDown");

    public static readonly ImmutableArray<PolicyStep> Steps =
        [new(["alice"], Duration.FromMinutes(5)), new(["bob", "carol"], Duration.FromMinutes(10))];

    public static readonly PolicyDefinition Policy = new("on-call", Steps, 1);

    public static ServiceDefinition Service(long burst = 2, long reserve = 0) =>
        new("shop", "The shop", "payments", "on-call", Severity.Error, new Budget(1, Duration.FromHours(1), burst), null,
        reserve == 0 ? ServiceDefinition.NoReserve : new Budget(1, Duration.FromHours(1), reserve));

    public static readonly GroupTarget Target = new("shop", Labels, Duration.Zero, Duration.Zero);

    public static Alert Alert(string key = "a", Severity? severity = Severity.Critical, AlertAction action = AlertAction.Trigger, int? expires = null) => new()
    {
        Action = action, DedupKey = key, Title = $"alert {key}", Severity = severity, Labels = Labels,
        ExpiresAfter = expires is { } minutes ? Duration.FromMinutes(minutes) : null,
    };

    public static Signal Trigger(string key = "a", Severity? severity = Severity.Critical, int? expires = null, GroupTarget? target = null) =>
        new(Alert(key, severity, expires: expires), target ?? Target);

    public static Signal Resolve(string key = "a") => new(Alert(key, action: AlertAction.Resolve), Target);

    public static Signal Acknowledge(string key = "a") => new(Alert(key, action: AlertAction.Acknowledge), Target);

    public static AlertSeen Seen(string key = "a", Severity? severity = Severity.Critical, int? expires = null) => new(
        key, $"alert {key}", severity, null, null, Labels, LabelSet.Empty, [], null, expires is { } minutes ? Duration.FromMinutes(minutes) : null);

    public static ResponderDefinition Responder(string id, params string[] addresses) =>
        new(id, id, [.. addresses.Select(a => new Contact("webhook", a, null))]);

    public static Instant In(int minutes) => Now + Duration.FromMinutes(minutes);
}
