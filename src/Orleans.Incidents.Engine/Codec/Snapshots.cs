using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;

namespace Incidents.Engine.Codec;

/// <summary>
/// The stored form of states. Snapshots are caches: one of another fold version is passed over, and all may be deleted at any
/// moment. Raise <see cref="FoldVersion"/> whenever a state's shape or the meaning of a fold changes.
/// </summary>
public static class Snapshots
{
    /// <summary>The version of all folds together.</summary>
    public const int FoldVersion = 5;

    /// <summary>A state's bytes.</summary>
    public static byte[] Write(object state) => JsonSerializer.SerializeToUtf8Bytes(state, SnapshotContext.Default.GetTypeInfo(state.GetType())!);

    /// <summary>Reads <see cref="Write"/>'s form.</summary>
    public static object Read(ActorKind kind, ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize(bytes, Info(kind))!;

    private static JsonTypeInfo Info(ActorKind kind) => kind switch
    {
        ActorKind.Group => SnapshotContext.Default.GroupState,
        ActorKind.Service => SnapshotContext.Default.ServiceState,
        ActorKind.Incident => SnapshotContext.Default.IncidentState,
        ActorKind.Responder => SnapshotContext.Default.ResponderState,
        ActorKind.Identity => SnapshotContext.Default.IdentityState,
        ActorKind.Page => SnapshotContext.Default.PageState,
        ActorKind.Integration => SnapshotContext.Default.IntegrationState,
        ActorKind.Routing => SnapshotContext.Default.RoutingState,
        ActorKind.Channel => SnapshotContext.Default.ChannelState,
        ActorKind.Letter => SnapshotContext.Default.LetterState,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an actor kind"),
    };
}

/// <summary>How states are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter), typeof(DurationConverter), typeof(StreamIdConverter), typeof(LabelSetConverter), typeof(CommandConverter), typeof(MemberListConverter)])]
[JsonSerializable(typeof(GroupState))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(ServiceState))]
[JsonSerializable(typeof(IncidentState))]
[JsonSerializable(typeof(ResponderState))]
[JsonSerializable(typeof(IdentityState))]
[JsonSerializable(typeof(PageState))]
[JsonSerializable(typeof(IntegrationState))]
[JsonSerializable(typeof(RoutingState))]
[JsonSerializable(typeof(ChannelState))]
[JsonSerializable(typeof(LetterState))]
internal sealed partial class SnapshotContext : JsonSerializerContext;
