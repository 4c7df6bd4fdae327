using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;

namespace Incidents.Engine.Codec;

/// <summary>The stable names of events and of commands that are sent as messages, and their stored form. Names are never reused.</summary>
public static class Payloads
{
    /// <summary>Every stored type by its name.</summary>
    public static FrozenDictionary<string, Type> Types { get; } = Alerting().Concat(Reaching()).Concat(Asked()).ToFrozenDictionary(StringComparer.Ordinal);

    private static Dictionary<string, Type> Alerting() => new()
    {
        ["group.opened"] = typeof(GroupOpened),
        ["group.reopened"] = typeof(GroupReopened),
        ["group.wait-ended"] = typeof(GroupWaitEnded),
        ["group.alert-fired"] = typeof(AlertFired),
        ["group.alerts-ended"] = typeof(AlertsEnded),
        ["group.alerts-repeated"] = typeof(AlertsRepeated),
        ["group.acknowledged"] = typeof(GroupAcknowledged),
        ["group.key-routed"] = typeof(KeyRouted),
        ["group.ended"] = typeof(GroupEnded),
        ["group.moved"] = typeof(GroupMoved),
        ["group.rejoined"] = typeof(GroupRejoined),
        ["group.expiry-armed"] = typeof(ExpiryArmed),
        ["group.alert-counted"] = typeof(AlertCounted),
        ["group.threshold-changed"] = typeof(ThresholdChanged),
        ["group.threshold-reached"] = typeof(ThresholdReached),
        ["group.muted"] = typeof(GroupMuted),
        ["group.mute-ended"] = typeof(MuteEnded),
        ["group.flapping-began"] = typeof(FlappingBegan),
        ["group.flapping-goes-on"] = typeof(FlappingGoesOn),
        ["group.flapping-over"] = typeof(FlappingOver),
        ["group:signal"] = typeof(Signal),
        ["group:take-alerts"] = typeof(TakeAlerts),
        ["group:keep-firing"] = typeof(KeepFiring),
        ["group:expire-alerts"] = typeof(ExpireAlerts),
        ["group:end-wait"] = typeof(EndGroupWait),
        ["group:end-mute"] = typeof(EndMute),
        ["group:learn-mute"] = typeof(LearnMute),
        ["group:settle-flapping"] = typeof(SettleFlapping),
        ["group:end"] = typeof(EndGroup),
        ["group:join-storm"] = typeof(JoinStorm),
        ["group:catch-up"] = typeof(CatchUp),
        ["group:start-anew"] = typeof(StartAnew),
        ["group:rejoin"] = typeof(RejoinIncident),
        ["service.configured"] = typeof(ServiceConfigured),
        ["service.problem-admitted"] = typeof(ProblemAdmitted),
        ["service.critical-admitted"] = typeof(CriticalAdmitted),
        ["service.storm-started"] = typeof(StormStarted),
        ["service.problem-joined-storm"] = typeof(ProblemJoinedStorm),
        ["service.storm-ended"] = typeof(StormEnded),
        ["service:admit-problem"] = typeof(AdmitProblem),
        ["service:end-storm"] = typeof(EndStorm),
        ["incident.opened"] = typeof(IncidentOpened),
        ["incident.step-paged"] = typeof(StepPaged),
        ["incident.target-not-reached"] = typeof(TargetNotReached),
        ["incident.escalation-exhausted"] = typeof(EscalationExhausted),
        ["incident.escalation-lapsed"] = typeof(EscalationLapsed),
        ["incident.grew"] = typeof(IncidentGrew),
        ["incident.problem-joined"] = typeof(ProblemJoined),
        ["incident.problem-ended"] = typeof(ProblemEnded),
        ["incident.severity-changed"] = typeof(SeverityChanged),
        ["incident.acknowledged"] = typeof(IncidentAcknowledged),
        ["incident.acknowledgement-renewed"] = typeof(AcknowledgementRenewed),
        ["incident.acknowledgement-expired"] = typeof(AcknowledgementExpired),
        ["incident.lease-armed"] = typeof(LeaseArmed),
        ["incident.note-added"] = typeof(NoteAdded),
        ["incident.resolved"] = typeof(IncidentResolved),
        ["incident.reopened"] = typeof(IncidentReopened),
        ["incident.closed"] = typeof(IncidentClosed),
        ["incident.page-reported"] = typeof(PageReported),
        ["incident.flapped"] = typeof(IncidentFlapped),
        ["incident:open"] = typeof(OpenIncident),
        ["incident:join"] = typeof(JoinIncident),
        ["incident:update"] = typeof(UpdateFromSource),
        ["incident:end-problem"] = typeof(EndProblem),
        ["incident:report-flapping"] = typeof(ReportFlapping),
        ["incident:acknowledge-by-source"] = typeof(AcknowledgeBySource),
        ["incident:reopen-by-source"] = typeof(ReopenBySource),
        ["incident:escalate"] = typeof(EscalateIncident),
        ["incident:expire-acknowledgement"] = typeof(ExpireAcknowledgement),
        ["incident:report-unreached"] = typeof(ReportUnreached),
        ["incident:report-page"] = typeof(ReportPage),
    };

    private static Dictionary<string, Type> Reaching() => new()
    {
        ["responder.configured"] = typeof(ResponderConfigured),
        ["responder.paged"] = typeof(ResponderPaged),
        ["responder:page"] = typeof(PageResponder),
        ["responder:withdraw-pages"] = typeof(WithdrawPages),
        ["page.attempt-started"] = typeof(PageAttemptStarted),
        ["page.attempt-failed"] = typeof(PageAttemptFailed),
        ["page.delivered"] = typeof(PageDelivered),
        ["page.given-up"] = typeof(PageGivenUp),
        ["page.withdrawn"] = typeof(PageWithdrawn),
        ["page:deliver"] = typeof(DeliverPage),
        ["page:retry"] = typeof(RetryPage),
        ["page:withdraw"] = typeof(WithdrawPage),
        ["identity.configured"] = typeof(IdentityConfigured),
        ["integration.configured"] = typeof(IntegrationConfigured),
        ["routing.configured"] = typeof(RoutingConfigured),
        ["responder.tested"] = typeof(ResponderTested),
        ["responder.test-ended"] = typeof(TestEnded),
        ["responder:report-test"] = typeof(ReportTest),
        ["page.retried"] = typeof(PageRetried),
        ["page.discarded"] = typeof(PageDiscarded),
        ["channel.email-configured"] = typeof(EmailConfigured),
        ["letter.kept"] = typeof(LetterKept),
        ["letter.retried"] = typeof(LetterRetried),
        ["letter.discarded"] = typeof(LetterDiscarded),
        ["letter:keep"] = typeof(KeepLetter),
    };

    // What people and programs ask for: sent to the node that owns the actor, and never stored but in a letter.
    private static Dictionary<string, Type> Asked() => new()
    {
        ["incident:acknowledge"] = typeof(AcknowledgeIncident),
        ["incident:change-severity"] = typeof(ChangeSeverity),
        ["incident:add-note"] = typeof(AddNote),
        ["incident:resolve"] = typeof(ResolveIncident),
        ["incident:reopen"] = typeof(ReopenIncident),
        ["incident:close"] = typeof(CloseIncident),
        ["responder:test"] = typeof(TestResponder),
        ["responder:configure"] = typeof(ConfigureResponder),
        ["page:report-attempt"] = typeof(ReportAttempt),
        ["page:retry-given-up"] = typeof(RetryGivenUp),
        ["page:discard"] = typeof(DiscardGivenUp),
        ["service:configure"] = typeof(ConfigureService),
        ["channel:configure-email"] = typeof(ConfigureEmail),
        ["letter:retry"] = typeof(RetryLetter),
        ["letter:discard"] = typeof(DiscardLetter),
        ["identity:configure"] = typeof(ConfigureIdentity),
        ["integration:configure"] = typeof(ConfigureIntegration),
        ["routing:configure"] = typeof(ConfigureRouting),
    };

    private static readonly FrozenDictionary<Type, (string Name, JsonTypeInfo Info)> Names =
        Types.ToFrozenDictionary(t => t.Value, t => (t.Key, PayloadContext.Default.GetTypeInfo(t.Value)!));

    /// <summary>The stored name and bytes of an event or command.</summary>
    public static (string Name, byte[] Bytes) Write(object payload)
    {
        var (name, info) = Names[payload.GetType()];
        return (name, JsonSerializer.SerializeToUtf8Bytes(payload, info));
    }

    /// <summary>The stored name of an event or command.</summary>
    public static string NameOf(object payload) => Names[payload.GetType()].Name;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="UnknownPayloadException">The name is not known: the journal was written by a newer version.</exception>
    public static object Read(string name, ReadOnlySpan<byte> bytes) => Types.TryGetValue(name, out var type)
        ? JsonSerializer.Deserialize(bytes, Names[type].Info)!
        : throw new UnknownPayloadException(name);
}

/// <summary>The journal holds a payload that this version does not know.</summary>
public sealed class UnknownPayloadException(string name) : InvalidOperationException($"this version does not know '{name}'; the journal was written by a newer one");
