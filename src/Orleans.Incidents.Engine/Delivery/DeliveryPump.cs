using System.Text;
using System.Text.Json;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine.Codec;
using Incidents.Engine.Tracing;
using Incidents.Pages;

namespace Incidents.Engine.Delivery;

/// <summary>
/// Makes the attempts that the engine releases and reports how they ended. It keeps no state of its own: an attempt that is
/// lost with the process is found by its page's timer and made again under the same id.
/// </summary>
public sealed class DeliveryPump(IEnumerable<IDeliveryChannel> channels, Action<AttemptReport> log, TimeProvider clock) : IAsyncDisposable
{
    private static readonly Caller Sender = new("delivery", Identities.IdentityKind.Service);

    private readonly Dictionary<string, IDeliveryChannel> _channels = channels.ToDictionary(c => c.Name, StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private int _underWay;
    private IActors? _actors;

    /// <summary>The names of the channels.</summary>
    public IReadOnlyCollection<string> Channels => _channels.Keys;

    /// <summary>Where reports go; set once, before the first attempt.</summary>
    public void ReportTo(IActors actors) => _actors = actors;

    /// <summary>Starts an attempt; returns at once.</summary>
    public void Attempt(PageContent page, int attempt, Origin? origin)
    {
        Interlocked.Increment(ref _underWay);
        _ = Task.Run(() => AttemptAsync(page, attempt, origin));
    }

    /// <summary>How many attempts are under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Cuts off what is under way; it may have arrived and is made again after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task AttemptAsync(PageContent page, int attempt, Origin? origin)
    {
        using var span = Spans.Delivery(page, attempt, origin);
        var started = clock.GetTimestamp();
        try
        {
            var result = _channels.TryGetValue(page.Contact.Channel, out var channel)
                ? await channel.DeliverAsync(Message(page), _stop.Token)
                : DeliveryResult.Of(DeliveryReason.BadAddress, $"there is no channel called '{page.Contact.Channel}'");
            Report(result);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Note(DeliveryResult.Of(DeliveryReason.Timeout, "cut off by the stop; made again after the next start"));
        }
        catch (Exception broken)
        {
            // A channel promises results, not exceptions: report it as one, so that the page is tried again and seen.
            Report(DeliveryResult.Of(DeliveryReason.Unreachable, $"the channel failed: {broken.Message}"));
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        void Note(DeliveryResult result)
        {
            Spans.Ended(span, result);
            log(new AttemptReport(page, attempt, result, clock.GetElapsedTime(started), origin));
        }

        void Report(DeliveryResult result)
        {
            Note(result);
            var id = CommandId.Of($"{page.Id}#{attempt}");
            var from = span is { Recorded: true } ? (origin ?? new Origin()) with { Trace = span.Context } : origin;
            _ = TellAsync(id, page, new ReportAttempt(attempt, result), from);
        }
    }

    // Told until somebody hears it: one that is lost with this process is found by the page's timer like a lost attempt.
    private async Task TellAsync(CommandId id, PageContent page, ReportAttempt report, Origin? origin)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _actors!.CallAsync(id, StreamId.Page(page.Id), Sender, report, origin: origin);
                return;
            }
            catch (OwnerUnreachableException)
            {
                // It waited for an owner already, and the same id is done once.
            }
        }
    }

    // The same bytes at every attempt: everything comes from the journalled page.
    private static Notification Message(PageContent page)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", "incident.page");
            json.WriteString("timestamp", page.At.ToString());
            json.WriteStartObject("data");
            json.WriteString("page", page.Id);
            json.WriteString("incident", page.Incident);
            json.WriteString("service", page.Service);
            json.WriteString("title", page.Title);
            json.WriteString("severity", page.Severity.Name());
            json.WriteNumber("step", page.Step);
            json.WriteNumber("round", page.Round);
            json.WriteString("responder", page.Responder);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        var contact = page.Contact;
        return new Notification(page.Id, contact.Channel, contact.Address, contact.SecretRef, $"[{page.Severity.Name()}] {page.Title}", "application/json", body.ToArray(), page);
    }
}

/// <summary>How one attempt ended.</summary>
/// <param name="Took">From its beginning to the channel's word.</param>
/// <param name="Origin">Where the page began, when that is known.</param>
public sealed record AttemptReport(PageContent Page, int Attempt, DeliveryResult Result, TimeSpan Took, Origin? Origin);
