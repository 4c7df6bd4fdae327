using System.Globalization;
using Incidents.Audit;
using Incidents.Routing;
using Incidents.Server.Hosting;
using NodaTime;

namespace Incidents.Server.Api;

/// <summary>
/// Reading one's own writes: an answer to a write says at which journal position it is durable, and a list asked for
/// <c>after</c> that position shows it.
/// </summary>
internal static class Positions
{
    /// <summary>On an answer to a write the position at which it is durable; on a list the position that it shows.</summary>
    public const string Header = "Incidents-Position";

    private static readonly Duration DefaultWait = Duration.FromSeconds(2);
    private static readonly Duration MaxWait = Duration.FromSeconds(30);

    /// <summary>Tells the position with the answer.</summary>
    public static void Tell(HttpContext http, long position) => http.Response.Headers[Header] = position.ToString(CultureInfo.InvariantCulture);

    /// <summary>Waits until lists show a position. Whoever asks for it relies on it, so a list from before is no answer.</summary>
    /// <param name="after">The position; <see langword="null"/>: any will do.</param>
    /// <param name="wait">How long, from 0s to 30s; <see langword="null"/>: two seconds.</param>
    /// <exception cref="RefusedException">They do not in that time.</exception>
    public static async Task WaitAsync(HttpContext http, Runtime runtime, long? after, string? wait)
    {
        var limit = Limit(wait);
        if (after is not { } position || runtime.Projector.Position >= position)
            return;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        cancel.CancelAfter(limit.ToTimeSpan());
        try
        {
            await runtime.Projector.WaitAsync(position, cancel.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedException(Reason.ViewsBehind, $"the list shows position {runtime.Projector.Position} and has not reached {position}", Duration.FromSeconds(1));
        }
    }

    private static Duration Limit(string? wait)
    {
        if (string.IsNullOrEmpty(wait))
            return DefaultWait;
        return DurationText.Parse(wait) is { IsValid: true, Value: var limit } && limit <= MaxWait
            ? limit
            : throw new RefusedException(Reason.InvalidValue, "wait is a duration from 0s to 30s");
    }
}
