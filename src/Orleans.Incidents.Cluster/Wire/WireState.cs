using Incidents.Engine.Nodes;

namespace Incidents.Cluster.Wire;

/// <summary>A <see cref="StateEnvelope"/> between silos.</summary>
[GenerateSerializer, Immutable, Alias("incidents.state")]
internal sealed record WireState([property: Id(0)] byte[] State, [property: Id(1)] long Version, [property: Id(2)] long Repeats, [property: Id(3)] long Position)
{
    public static WireState Of(StateEnvelope seen) => new(seen.State, seen.Version, seen.Repeats, seen.Position);

    public StateEnvelope Open() => new(State, Version, Repeats, Position);
}
