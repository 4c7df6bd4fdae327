using Incidents.Decisions;
using Incidents.Engine.Nodes;
using Incidents.Identities;

namespace Incidents.Cluster.Wire;

/// <summary>A <see cref="CallEnvelope"/> between silos. New members get new numbers: silos of two versions talk while they are replaced one by one.</summary>
/// <param name="Id">The command's id, 16 bytes, big-endian.</param>
/// <param name="To">The actor in its text form.</param>
/// <param name="By">The identity that acts.</param>
/// <param name="Kind">Its kind's number.</param>
/// <param name="For">The identity that it acts for; <see langword="null"/>: for itself.</param>
/// <param name="Type">The command's name in the journal.</param>
/// <param name="Payload">The command in the journal's form.</param>
/// <param name="Expected">The version that the caller saw; <see langword="null"/>: whatever it is.</param>
[GenerateSerializer, Immutable, Alias("incidents.call")]
internal sealed record WireCall(
    [property: Id(0)] byte[] Id,
    [property: Id(1)] string To,
    [property: Id(2)] string By,
    [property: Id(3)] int Kind,
    [property: Id(4)] string? For,
    [property: Id(5)] string Type,
    [property: Id(6)] byte[] Payload,
    [property: Id(7)] long? Expected)
{
    public static WireCall Of(CallEnvelope call) =>
        new(call.Id.ToBytes(), call.To.ToString(), call.By.Id, (int)call.By.Kind, call.By.OnBehalfOf, call.Type, call.Payload, call.Expected);

    /// <exception cref="FormatException">It names no actor.</exception>
    public CallEnvelope Open() => new(CommandId.FromBytes(Id), StreamId.Parse(To), new Caller(By, (IdentityKind)Kind, For), Type, Payload, Expected);
}
