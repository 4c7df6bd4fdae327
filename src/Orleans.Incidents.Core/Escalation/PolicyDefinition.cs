using System.Collections.Immutable;
using NodaTime;

namespace Incidents.Escalation;

/// <summary>Who is paged, in which order, how long each step waits.</summary>
/// <param name="Id">Lower-case name, unique among policies.</param>
/// <param name="Steps">In order; may not be empty.</param>
/// <param name="Repeat">How many more rounds follow the first; 0 or more.</param>
public sealed record PolicyDefinition(string Id, ImmutableArray<PolicyStep> Steps, int Repeat);

/// <summary>One step of a policy.</summary>
/// <param name="Targets">Responder ids, all paged at once. A step that reaches none of them moves on at once.</param>
/// <param name="Timeout">How long the step waits for an acknowledgement before the next one; longer than zero.</param>
public sealed record PolicyStep(ImmutableArray<string> Targets, Duration Timeout);
