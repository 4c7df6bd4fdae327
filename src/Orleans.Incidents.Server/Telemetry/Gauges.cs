using System.Diagnostics;
using System.Diagnostics.Metrics;
using Incidents.Engine.Views;
using Incidents.Server.Hosting;
using Incidents.Server.Watching;

namespace Incidents.Server.Telemetry;

/// <summary>Gauges that look at the running parts when they are scraped. One runtime is looked at: the last that began.</summary>
internal static class Gauges
{
    private static Runtime? s_runtime;

    static Gauges()
    {
        Add("incidents.ready", null, "1 while /readyz says ready.", r => r.Unready is null ? 1 : 0);
        Add("incidents.engine.queued", null, "Entries that wait for the disk.", r => r.Host.Queued);
        Add("incidents.engine.actors", null, "Actors in memory.", r => r.Host.Actors);
        Add("incidents.timers.overdue", "s", "How long the next stored message has been due.", r => r.Host.Overdue.TotalSeconds);
        Add("incidents.clock.ahead", "s", "How far the time of decisions is ahead of the machine's clock; 0 unless that was set back.", r => r.ClockAhead.TotalSeconds);
        Add("incidents.journal.position", null, "The journal position that lists show.", r => r.Projector.Position);
        Add("incidents.journal.flush.age", "s", "How long the flush under way has been; 0 when none is.", r => r.Journal.Age.TotalSeconds);
        Add("incidents.journal.size", "By", "Bytes of the journal and its log on disk.", r => r.Disk.JournalBytes);
        Add("incidents.disk.free", "By", "Bytes that are free where the journal is.", r => r.Disk.FreeBytes);
        Add("incidents.views.behind", null, "Flushes that lists do not show yet.", r => Math.Max(0, r.Position - r.Projector.Position));
        Add("incidents.pages.open", null, "Pages that are neither delivered nor given up.", r => r.Pages.Count);
        Add("incidents.pages.oldest", "s", "How long the oldest open page has waited.", r => r.Pages.Oldest.TotalSeconds);
        Add("incidents.page.attempts.under_way", null, "Attempts under way.", r => r.AttemptsUnderWay);
        Measure.Source.CreateObservableGauge("incidents.dead_letters.waiting", Letters, description: "Messages kept aside and pages given up that wait for an operator, by kind.");
        Add("incidents.watchdog.completed", "s", "When the watchdog's last check came to its end, in seconds since 1970.", r => r.Watched.CompletedAt);
        Add("incidents.beats.firing", null, "Senders of heartbeats that are silent or say that they failed.", r => r.FiringPulses);
        Measure.Source.CreateObservableGauge("incidents.watchdog.findings", Findings, description: "What the watchdog's last check found, by kind.");
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        Add("process.start_time", "s", "When the process started, in seconds since 1970.", _ => started);
    }

    /// <summary>Looks at this runtime from now on.</summary>
    public static void Observe(Runtime runtime) => Volatile.Write(ref s_runtime, runtime);

    /// <summary>Stops looking, if it is this runtime that is looked at.</summary>
    public static void Forget(Runtime runtime) => Interlocked.CompareExchange(ref s_runtime, null, runtime);

    private static IEnumerable<Measurement<long>> Letters()
    {
        if (Volatile.Read(ref s_runtime) is not { } runtime)
            return [];
        var waiting = runtime.Letters.CountLetters();
        return Enum.GetValues<LetterKind>().Select(kind => new Measurement<long>(waiting.GetValueOrDefault(kind), new KeyValuePair<string, object?>("kind", kind.ToString().ToLowerInvariant())));
    }

    private static IEnumerable<Measurement<long>> Findings() => Volatile.Read(ref s_runtime) is { } runtime
        ? FindingKinds.All.Select(kind => new Measurement<long>(runtime.Watched.Count(kind), new KeyValuePair<string, object?>("kind", FindingKinds.Name(kind))))
        : [];

    private static void Add(string name, string? unit, string description, Func<Runtime, double> read) =>
        Measure.Source.CreateObservableGauge(name, () => Volatile.Read(ref s_runtime) is { } runtime ? [new Measurement<double>(read(runtime))] : Array.Empty<Measurement<double>>(), unit, description);
}
