using Incidents.Load.Peers;
using Npgsql;

namespace Incidents.Load.Reports;

/// <summary>How the database of <c>history</c> was filled.</summary>
/// <param name="Seconds">Until nothing was left to be done.</param>
/// <param name="AuditSeconds">How long <c>audit verify</c> took, which accepted it.</param>
internal sealed record HistoryPast(int Incidents, double Seconds, long Events, long Bytes, long SharedBuffersBytes, double AuditSeconds);

/// <summary>One round of <c>history</c> on one of the two databases.</summary>
/// <param name="StartSeconds">PostgreSQL's own start included.</param>
internal sealed record HistoryRound(int Round, string Database, double StartSeconds, ProblemsResult Problems, Measurement Repeats)
{
    public const string Empty = "empty";
    public const string Full = "full";
}

/// <summary>The <c>history</c> scenario.</summary>
internal sealed record HistoryResult(HistoryPast Past, IReadOnlyList<HistoryRound> Rounds)
{
    /// <summary>A number on the full database over the same on the empty one, round by round.</summary>
    public IReadOnlyList<double> Ratios(Func<HistoryRound, double> of) =>
        [.. Rounds.GroupBy(r => r.Round).Select(r => of(r.Single(x => x.Database == HistoryRound.Full)) / of(r.Single(x => x.Database == HistoryRound.Empty)))];
}

/// <summary>One start of the <c>start</c> scenario.</summary>
/// <param name="Killed">The process before was killed; otherwise it ended in order.</param>
/// <param name="ReadySeconds">From the start of the process until it said that it serves.</param>
/// <param name="AnsweredSeconds">Until a first alert, a new problem, was answered as durable.</param>
/// <param name="CpuSeconds">Our server's own until then.</param>
internal sealed record StartResult(string Peer, int Groups, int Round, bool Killed, double ReadySeconds, double AnsweredSeconds, double CpuSeconds, double ResidentMb);

/// <summary>One minute of the <c>dump</c> scenario.</summary>
/// <param name="Held">The other transaction was open.</param>
/// <param name="SweepMs">The engine's next sweep, asked once a second beside it.</param>
/// <param name="WholeSweepMs">A sweep that begins at the first message, as after a restart.</param>
internal sealed record DumpMinute(
    int Minute, bool Held, double AlertsPerSecond, double P99Ms, double ProblemsPerSecond, double ProblemsP99Ms, double CpuCores, double StoreCpuCores, double OtherCpuCores,
    Spread SweepMs, Spread WholeSweepMs, IReadOnlyList<TableState> Tables);

/// <summary>The <c>dump</c> scenario.</summary>
/// <param name="Rate">New problems a second.</param>
internal sealed record DumpResult(int Keys, int Batch, int Rate, IReadOnlyList<DumpMinute> Minutes);

/// <summary>A table as PostgreSQL counts it.</summary>
/// <param name="Dead">Rows that are deleted or written over and not cleaned up yet.</param>
internal sealed record TableState(string Name, long Live, long Dead, long TableBytes, long IndexBytes)
{
    private static readonly string[] Watched = ["event", "head", "log_end", "message"];

    /// <summary>Reads the tables that a long transaction holds up.</summary>
    public static async Task<IReadOnlyList<TableState>> ReadAsync(PostgresStore store)
    {
        using var connection = await store.OpenAsync();
        using var ask = new NpgsqlCommand(
            "SELECT relname::text, n_live_tup, n_dead_tup, pg_table_size(relid), pg_indexes_size(relid) FROM pg_stat_user_tables WHERE relname=ANY($1) ORDER BY relname", connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = Watched } },
        };
        using var reader = ask.ExecuteReader();
        var tables = new List<TableState>();
        while (reader.Read())
            tables.Add(new TableState(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)));
        return tables;
    }
}
