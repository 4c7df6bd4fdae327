using System.Text.Json;
using System.Text.Json.Serialization;
using Incidents.Delivery;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;

namespace Incidents.Engine.Codec;

/// <summary>How events and commands are written: generated code, no reflection on the hot path.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter), typeof(DurationConverter), typeof(StreamIdConverter), typeof(LabelSetConverter), typeof(CommandConverter)])]
[JsonSerializable(typeof(GroupOpened))]
[JsonSerializable(typeof(GroupReopened))]
[JsonSerializable(typeof(GroupWaitEnded))]
[JsonSerializable(typeof(AlertFired))]
[JsonSerializable(typeof(AlertsEnded))]
[JsonSerializable(typeof(AlertsRepeated))]
[JsonSerializable(typeof(GroupAcknowledged))]
[JsonSerializable(typeof(GroupEnded))]
[JsonSerializable(typeof(GroupMoved))]
[JsonSerializable(typeof(GroupRejoined))]
[JsonSerializable(typeof(ExpiryArmed))]
[JsonSerializable(typeof(Signal))]
[JsonSerializable(typeof(ExpireAlerts))]
[JsonSerializable(typeof(EndGroupWait))]
[JsonSerializable(typeof(EndGroup))]
[JsonSerializable(typeof(JoinStorm))]
[JsonSerializable(typeof(CatchUp))]
[JsonSerializable(typeof(StartAnew))]
[JsonSerializable(typeof(RejoinIncident))]
[JsonSerializable(typeof(ServiceConfigured))]
[JsonSerializable(typeof(ProblemAdmitted))]
[JsonSerializable(typeof(StormStarted))]
[JsonSerializable(typeof(ProblemJoinedStorm))]
[JsonSerializable(typeof(StormEnded))]
[JsonSerializable(typeof(AdmitProblem))]
[JsonSerializable(typeof(EndStorm))]
[JsonSerializable(typeof(IncidentOpened))]
[JsonSerializable(typeof(StepPaged))]
[JsonSerializable(typeof(TargetNotReached))]
[JsonSerializable(typeof(EscalationExhausted))]
[JsonSerializable(typeof(IncidentGrew))]
[JsonSerializable(typeof(ProblemJoined))]
[JsonSerializable(typeof(ProblemEnded))]
[JsonSerializable(typeof(SeverityChanged))]
[JsonSerializable(typeof(IncidentAcknowledged))]
[JsonSerializable(typeof(NoteAdded))]
[JsonSerializable(typeof(IncidentResolved))]
[JsonSerializable(typeof(IncidentReopened))]
[JsonSerializable(typeof(IncidentClosed))]
[JsonSerializable(typeof(PageReported))]
[JsonSerializable(typeof(OpenIncident))]
[JsonSerializable(typeof(JoinIncident))]
[JsonSerializable(typeof(UpdateFromSource))]
[JsonSerializable(typeof(EndProblem))]
[JsonSerializable(typeof(AcknowledgeBySource))]
[JsonSerializable(typeof(ReopenBySource))]
[JsonSerializable(typeof(EscalateIncident))]
[JsonSerializable(typeof(ReportUnreached))]
[JsonSerializable(typeof(ReportPage))]
[JsonSerializable(typeof(ResponderConfigured))]
[JsonSerializable(typeof(ResponderPaged))]
[JsonSerializable(typeof(PageResponder))]
[JsonSerializable(typeof(PageAttemptStarted))]
[JsonSerializable(typeof(PageAttemptFailed))]
[JsonSerializable(typeof(PageDelivered))]
[JsonSerializable(typeof(PageGivenUp))]
[JsonSerializable(typeof(DeliverPage))]
[JsonSerializable(typeof(RetryPage))]
[JsonSerializable(typeof(IdentityConfigured))]
[JsonSerializable(typeof(IntegrationConfigured))]
[JsonSerializable(typeof(RoutingConfigured))]
[JsonSerializable(typeof(ResponderTested))]
[JsonSerializable(typeof(TestEnded))]
[JsonSerializable(typeof(ReportTest))]
[JsonSerializable(typeof(PageRetried))]
[JsonSerializable(typeof(PageDiscarded))]
[JsonSerializable(typeof(EmailConfigured))]
[JsonSerializable(typeof(LetterKept))]
[JsonSerializable(typeof(LetterRetried))]
[JsonSerializable(typeof(LetterDiscarded))]
[JsonSerializable(typeof(KeepLetter))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class PayloadContext : JsonSerializerContext;
