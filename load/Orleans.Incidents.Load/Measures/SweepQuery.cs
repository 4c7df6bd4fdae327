using System.Diagnostics;
using Npgsql;

namespace Incidents.Load.Measures;

/// <summary>The engine's sweep for messages that come due, asked beside it.</summary>
internal sealed class SweepQuery : IDisposable
{
    /// <summary>What the journal's reader reads; a test compares them.</summary>
    public const string Columns = "m.id, m.due, m.target, m.by_id, m.by_kind, m.on_behalf_of, m.type, m.payload, m.attempts, m.trace";

    /// <summary>And where from.</summary>
    public const string From = " FROM message m WHERE lane=$1 AND (due, id) > ($2, $3) AND due<=$4 ORDER BY due, id LIMIT $5";

    private const int Most = 1000;
    
    // As far ahead as the engine looks.
    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(10);

    private readonly NpgsqlCommand _command;
    private readonly NpgsqlParameter<long> _after = new();
    private readonly NpgsqlParameter<long> _through = new();

    public SweepQuery(NpgsqlConnection connection)
    {
        _command = new NpgsqlCommand($"SELECT {Columns}{From}", connection)
        {
            Parameters = { new NpgsqlParameter<short> { TypedValue = 0 }, _after, new NpgsqlParameter<byte[]> { TypedValue = new byte[16] }, _through, new NpgsqlParameter<int> { TypedValue = Most } },
        };
        _command.Prepare();
    }

    /// <summary>Asks once and reads all rows. Returns milliseconds.</summary>
    /// <param name="fromStart">From the first message there is, as after a restart, rather than from now.</param>
    public double Time(bool fromStart)
    {
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        _after.TypedValue = fromStart ? long.MinValue : now;
        _through.TypedValue = now + (Horizon.Ticks * 100);
        var started = Stopwatch.GetTimestamp();
        using (var reader = _command.ExecuteReader())
        {
            while (reader.Read())
            {
                // Only the time counts.
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public void Dispose() => _command.Dispose();
}
