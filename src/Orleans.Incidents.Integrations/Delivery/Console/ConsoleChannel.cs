using System.Globalization;
using Incidents.Delivery;
using Incidents.Engine.Delivery;

namespace Incidents.Integrations.Delivery.Console;

/// <summary>
/// Writes one line a page, for trying things out and for people who watch a terminal:
/// <c>2026-03-01T12:00:00Z PAGE anna: Disk full on db-1 [page-id]</c>.
/// </summary>
/// <param name="writer">Where to. Written line by line, one at a time, flushed each time, not disposed.</param>
/// <param name="time">The clock of the line.</param>
public sealed class ConsoleChannel(TextWriter writer, TimeProvider time) : IDeliveryChannel
{
    private const int MaxText = 500;
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <inheritdoc/>
    public string Name => "console";

    /// <inheritdoc/>
    public Task<DeliveryResult> DeliverAsync(Notification n, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var line = Line(n);

        // Thousands of pages may wait for their line at once: none of them may hold a thread meanwhile.
        lock (_lock)
        {
            var written = _last.ContinueWith(_ => Write(line), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            _last = written;
            return written;
        }
    }

    private string Line(Notification n)
    {
        var at = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"{at} PAGE {OneLine.Of(n.Address, MaxText)}: {OneLine.Of(n.Subject, MaxText)} [{OneLine.Of(n.Id, MaxText)}]";
    }

    private DeliveryResult Write(string line)
    {
        try
        {
            writer.WriteLine(line);
            writer.Flush();
            return DeliveryResult.Of(DeliveryReason.Accepted, "written");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return DeliveryResult.Of(DeliveryReason.Unreachable, $"the console cannot be written: {e.GetType().Name}");
        }
    }
}
