using NodaTime;

namespace Incidents.Engine;

/// <summary>What is stored of a sender of heartbeats.</summary>
/// <param name="Integration">The integration's id.</param>
/// <param name="Since">Since when it is known.</param>
/// <param name="Heard">When it was last heard, as far as stored; <see langword="null"/>: never.</param>
public sealed record BeatRow(string Integration, Instant Since, Instant? Heard);
