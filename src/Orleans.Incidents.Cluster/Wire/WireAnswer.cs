using Incidents.Audit;
using Incidents.Engine.Nodes;

namespace Incidents.Cluster.Wire;

/// <summary>An <see cref="AnswerEnvelope"/> between silos.</summary>
/// <param name="Reason">The reason's name: its number is no promise.</param>
[GenerateSerializer, Immutable, Alias("incidents.answer")]
internal sealed record WireAnswer([property: Id(0)] string Reason, [property: Id(1)] bool Changed, [property: Id(2)] long Version, [property: Id(3)] long Position)
{
    public static WireAnswer Of(AnswerEnvelope answer) => new(answer.Reason.ToString(), answer.Changed, answer.Version, answer.Position);

    /// <exception cref="FormatException">A newer silo's reason.</exception>
    public AnswerEnvelope Open() => Enum.TryParse<Reason>(Reason, out var reason)
        ? new AnswerEnvelope(reason, Changed, Version, Position)
        : throw new FormatException($"the owner answers {Reason}, which only newer versions know");
}
