using System.Diagnostics;

namespace Incidents.Testing;

/// <summary>The one place that waits: asks again until the answer comes or the deadline passes, and then says what was missing.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>How long to wait where a test says nothing else: long, because a busy machine is no failure.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the condition holds.</summary>
    public static Task TrueAsync(string what, Func<bool> holds, TimeSpan? within = null) =>
        TrueAsync(what, () => Task.FromResult(holds()), within);

    /// <summary>Waits until the condition holds.</summary>
    public static Task TrueAsync(string what, Func<Task<bool>> holds, TimeSpan? within = null) =>
        GetAsync(what, async () => await holds() ? "" : null, within);

    /// <summary>Waits until there is a value.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> probe, TimeSpan? within = null)
        where T : class
    {
        var limit = within ?? Patience;
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            if (await probe() is { } found)
                return found;
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"not within {limit.TotalSeconds:0.#} s: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
