using Incidents.Engine;
using Incidents.Journal;
using Incidents.Server.Hosting;
using NodaTime;

namespace Incidents.Server.Beats;

/// <summary>
/// Stores beats: one row a sender, and however many come at once one transaction. So the journal does not grow by them, and flushes
/// wait for a few of these a second at most.
/// </summary>
internal sealed class BeatBook(Runtime runtime)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private Dictionary<string, BeatRow> _rows = new(StringComparer.Ordinal);
    private TaskCompletionSource _done = New();
    private bool _writing;

    /// <summary>Whether the last transaction failed.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Stores a beat; completes when it is durable.</summary>
    /// <exception cref="JournalFailureException">It is not stored.</exception>
    /// <exception cref="JournalBrokenException">It is not stored, and nothing ever will be.</exception>
    public Task WriteAsync(BeatRow row)
    {
        lock (_lock)
        {
            _rows[row.Integration] = row;
            if (!_writing)
                _ = Task.Run(WriteAllAsync);
            _writing = true;
            return _done.Task;
        }
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            Dictionary<string, BeatRow> rows;
            TaskCompletionSource done;
            lock (_lock)
            {
                if (_rows.Count == 0)
                {
                    _writing = false;
                    return;
                }

                (rows, done) = (_rows, _done);
                (_rows, _done) = (new Dictionary<string, BeatRow>(StringComparer.Ordinal), New());
            }

            Write(rows.Values, done);
            await Task.Delay(Pace, runtime.Clock);
        }
    }

    // Whoever sent one of them is told, and sends it again.
    private void Write(Dictionary<string, BeatRow>.ValueCollection rows, TaskCompletionSource done)
    {
        try
        {
            runtime.WriteBeats(rows);
            IsFailing = false;
            done.SetResult();
        }
        catch (Exception failure)
        {
            IsFailing = true;
            if (failure is JournalBrokenException)
                runtime.Host.Leave(failure);
            done.SetException(failure);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
