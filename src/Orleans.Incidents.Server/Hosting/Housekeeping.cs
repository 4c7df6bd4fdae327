using Incidents.Engine;
using Incidents.Journal;
using Incidents.Server.Logging;
using NodaTime;

namespace Incidents.Server.Hosting;

/// <summary>Forgets what is old, a little at a time, so that no flush waits long. Of several processes one does it.</summary>
internal sealed class Housekeeping(IJournalStore journal, Func<bool> isOurs, ILogger log, TimeProvider clock, Action<Exception> broken) : IAsyncDisposable
{
    private const int Rows = 2000;

    /// <summary>How long it is known under which id a request was accepted.</summary>
    public static Duration KeepRequests { get; } = Duration.FromHours(24);

    private static readonly Duration KeepBlocks = Duration.FromDays(30);
    private static readonly Duration KeepRefused = Duration.FromDays(90);
    private Ticker? _ticker;

    /// <summary>Set when the last run failed; the next one tries again.</summary>
    public Exception? Failed { get; private set; }

    public void Start()
    {
        _ticker = new Ticker(clock, TimeSpan.FromMinutes(1), Run);
        _ticker.Start();
    }

    public ValueTask DisposeAsync() => _ticker?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Run()
    {
        if (!isOurs())
            return;
        try
        {
            var now = Time.Now(clock);
            for (var rounds = 0; rounds < 50 && journal.Prune(now - KeepRequests, now - KeepBlocks, now - KeepRefused, Rows); rounds++)
            {
                // Each round is a transaction of its own, and flushes come in between.
            }

            Failed = null;
        }
        catch (JournalBrokenException failure)
        {
            Failed = failure;
            broken(failure);
        }
        catch (JournalFailureException failure)
        {
            if (Failed is null)
                Log.HousekeepingFailed(log, failure.Message);
            Failed = failure;
        }
    }
}
