using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Codec;
using Incidents.Engine.Turns;

namespace Incidents.Engine.Nodes;

/// <summary>A command on its way to the node that owns its actor, in finished bytes.</summary>
/// <param name="Id">Its durable id: given again under it, it is done once.</param>
/// <param name="Expected">The version that the caller saw; <see langword="null"/>: whatever it is.</param>
public sealed record CallEnvelope(CommandId Id, StreamId To, Caller By, string Type, byte[] Payload, long? Expected)
{
    public static CallEnvelope Of(CommandId id, StreamId to, Caller by, ICommand command, long? expected)
    {
        var (type, payload) = Payloads.Write(command);
        return new CallEnvelope(id, to, by, type, payload, expected);
    }

    public ICommand Command => (ICommand)Payloads.Read(Type, Payload);
}

/// <summary>An actor as its owner saw it, in finished bytes.</summary>
/// <param name="State">Its state in the snapshots' form.</param>
public sealed record StateEnvelope(byte[] State, long Version, long Repeats, long Position)
{
    public static StateEnvelope Of(ReadAnswer seen) => new(Snapshots.Write(seen.State), seen.Version, seen.Repeats, seen.Position);

    public ReadAnswer Open(ActorKind kind) => new(Snapshots.Read(kind, State), Version, Repeats, Position);
}

/// <summary>What became of a call at its actor's owner.</summary>
public sealed record AnswerEnvelope(Reason Reason, bool Changed, long Version, long Position)
{
    public static AnswerEnvelope Of(CallAnswer answer) => new(answer.Reason, answer.Changed, answer.Version, answer.Position);

    public CallAnswer Open() => new(Reason, Changed, Version, Position);
}

/// <summary>How a node reaches the others. Each method throws what it likes where the other does not answer; <see langword="null"/> says that it does not own the actor.</summary>
public interface IPeers
{
    Task<AnswerEnvelope?> CallAsync(CallEnvelope call, CancellationToken cancel);

    Task<StateEnvelope?> ReadAsync(StreamId of, CancellationToken cancel);
}
