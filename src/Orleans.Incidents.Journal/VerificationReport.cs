namespace Incidents.Journal;

/// <summary>What a walk over the whole journal found.</summary>
/// <param name="Flushes">How many flushes there are: the position.</param>
/// <param name="Root">The Merkle root over them; meaningless when there are faults.</param>
/// <param name="RestoredAt">The positions at which this journal was restored from a backup.</param>
/// <param name="Faults">One line each, naming a stream or a flush where it can; none: verified.</param>
public sealed record VerificationReport(long Flushes, long Streams, long Events, byte[] Root, IReadOnlyList<long> RestoredAt, IReadOnlyList<string> Faults);
