using Incidents.Audit;
using Incidents.Engine;
using Incidents.Journal;
using Incidents.Server.Logging;
using NodaTime;

namespace Incidents.Server.Hosting;

/// <summary>
/// What was refused, so that nobody has to guess: one row a second, identity, integration and reason, however many there were.
/// </summary>
internal sealed class RefusedLedger : IAsyncDisposable
{
    private const int MaxDetail = 500;

    private readonly Dictionary<(string Identity, string Integration, Reason Reason), RefusedRow> _rows = [];
    private readonly Lock _lock = new();
    private readonly IJournalStore _journal;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly Action<Exception> _broken;
    private readonly RefusalLog _said;
    private readonly Ticker _ticker;

    public RefusedLedger(IJournalStore journal, ILogger log, TimeProvider clock, Action<Exception> broken)
    {
        (_journal, _log, _clock, _broken) = (journal, log, clock, broken);
        _said = new RefusalLog(log, clock);
        _ticker = new Ticker(clock, TimeSpan.FromSeconds(1), Write);
    }

    /// <summary>Set when the last write failed; rows wait and are written later.</summary>
    public Exception? Failed { get; private set; }

    public void Start() => _ticker.Start();

    public void Add(string identity, string integration, Reason reason, string detail, long count = 1)
    {
        Measure.Refused(reason, count);
        lock (_lock)
        {
            var key = (identity, integration, reason);
            _rows[key] = _rows.TryGetValue(key, out var row)
                ? row with { Count = row.Count + count }
                : new RefusedRow(0, Time.Now(_clock), identity, integration, reason.ToString(), detail.Length > MaxDetail ? detail[..MaxDetail] : detail, count);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ticker.DisposeAsync();
        Write();
    }

    private void Write()
    {
        List<RefusedRow> rows;
        lock (_lock)
        {
            if (_rows.Count == 0)
                return;
            rows = [.. _rows.Values];
            _rows.Clear();
        }

        if (Failed is null)
            _said.Say(rows);

        try
        {
            _journal.WriteRefused(rows);
            Failed = null;
        }
        catch (JournalBrokenException failure)
        {
            // The rows are lost, and worse: nothing that was promised is certain any more.
            Failed = failure;
            _broken(failure);
        }
        catch (JournalFailureException failure)
        {
            if (Failed is null)
                Log.RefusedNotWritten(_log, failure.Message);
            Failed = failure;
            lock (_lock)
            {
                // What came meanwhile is added, so that no refusal is uncounted.
                foreach (var row in rows)
                {
                    var key = (row.Identity, row.Integration, Enum.Parse<Reason>(row.Reason));
                    _rows[key] = _rows.TryGetValue(key, out var later) ? row with { Count = row.Count + later.Count } : row;
                }
            }
        }
    }
}
