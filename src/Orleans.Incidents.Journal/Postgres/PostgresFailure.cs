using System.Net.Sockets;
using Npgsql;

namespace Incidents.Journal.Postgres;

/// <summary>PostgreSQL said no, or nothing.</summary>
public sealed class PostgresFailureException(string message, Exception inner) : JournalFailureException(message, inner)
{
    /// <summary>Whether what was to be written is at fault rather than the place it was to be written to.</summary>
    public bool IsContent { get; } = inner is PostgresException { SqlState: ['2', '1' or '2' or '3', ..] or ['5', '4', ..] };

    /// <summary>Whether the id of the flush is there already: it was written, or settled, before.</summary>
    internal bool IsFlushAgain { get; } = inner is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "flush_id" };

    /// <summary>Whether the server itself found its files damaged.</summary>
    public bool IsDamage { get; } = inner is PostgresException { SqlState: ['X', 'X', ..] };

    /// <summary>
    /// Whether the server said that the statement failed and the connection lives on: nothing of the transaction will ever be. Otherwise
    /// nobody knows what became of the last thing that was sent.
    /// </summary>
    public bool IsKnown { get; } = inner is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether the same may work in a moment: the server does not answer, or somebody holds a lock.</summary>
    internal bool MayPass => !IsKnown || InnerException is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled };

    /// <summary>What storage does, in our words; anything else is not a failure of storage and goes on as it is.</summary>
    internal static PostgresFailureException? Of(Exception failure) => failure switch
    {
        PostgresFailureException known => known,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } full => new PostgresFailureException($"the database's disk is full: {full.MessageText}", full),
        PostgresException said => new PostgresFailureException(said.MessageText, said),
        NpgsqlException or SocketException or TimeoutException or IOException => new PostgresFailureException(Reason(failure), failure),
        _ => null,
    };

    // The driver's own words say little; what lies beneath says why.
    private static string Reason(Exception failure)
    {
        var inmost = failure;
        while (inmost.InnerException is { } inner)
            inmost = inner;
        return inmost == failure ? failure.Message : $"{failure.Message}: {inmost.Message}".Replace('\n', ' ');
    }
}
