using System.Globalization;

namespace Incidents.Server.Demonstration;

/// <summary>Tells the story in the terminal and keeps its pace.</summary>
/// <param name="speed">How many times faster than life.</param>
internal sealed class Narrator(TextWriter output, TimeProvider clock, double speed, CancellationToken stop)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public DateTimeOffset Now => clock.GetUtcNow();

    public CancellationToken Stop => stop;

    public void Heading(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
        output.Flush();
    }

    public void Say(FormattableString text)
    {
        output.WriteLine($"  {clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {text.ToString(CultureInfo.InvariantCulture)}");
        output.Flush();
    }

    /// <summary>Lets time pass, by the story's clock.</summary>
    public Task PauseAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds / speed), clock, stop);

    /// <summary>Waits as long as the server asked for, by the real clock: budgets refill by no other.</summary>
    public Task ObeyAsync(TimeSpan wait) => Task.Delay(wait, clock, stop);

    /// <summary>Looks again until there is something to see.</summary>
    /// <exception cref="TimeoutException">There was nothing for 30 seconds.</exception>
    public async Task<T> UntilAsync<T>(string what, Func<Task<T?>> look)
        where T : class
    {
        for (var start = clock.GetTimestamp(); clock.GetElapsedTime(start) < Patience; await Task.Delay(Look, clock, stop))
        {
            if (await look() is { } seen)
                return seen;
        }

        throw new TimeoutException($"waited {Patience.TotalSeconds} s in vain for: {what}");
    }
}
