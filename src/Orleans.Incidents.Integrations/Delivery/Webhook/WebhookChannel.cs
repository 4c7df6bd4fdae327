using System.Net.Http;
using System.Text;
using Incidents.Delivery;
using Incidents.Engine.Delivery;

namespace Incidents.Integrations.Delivery.Webhook;

/// <summary>
/// Posts a page to a URL, signed as Standard Webhooks 1.0. Receivers drop repeats by <c>webhook-id</c>, which is the page's id.
/// </summary>
/// <remarks>
/// Addresses come from configuration only, written by someone who may also configure this server; nothing of an alert reaches
/// them. So private addresses are allowed (most receivers are inside), redirects are never followed (they would let a receiver
/// choose the address), and what comes back is shown to operators as at most one line. A referenced secret that cannot be read
/// stops the attempt: a page is never sent unsigned by accident. Without a reference it is sent unsigned.
/// </remarks>
public sealed class WebhookChannel : IDeliveryChannel, IDisposable
{
    private readonly ISecretReader _secrets;
    private readonly TimeProvider _time;
    private readonly WebhookOptions _options;
    private readonly ReceiverGate _receivers;
    private readonly ReceiverGate _addresses;
    private readonly HttpClient _client;

    /// <summary>One channel for the whole process: it holds the connections.</summary>
    public WebhookChannel(ISecretReader secrets, TimeProvider time, WebhookOptions? options = null)
    {
        (_secrets, _time, _options) = (secrets, time, options ?? new WebhookOptions());
        _receivers = new ReceiverGate(_options.AttemptsPerReceiver);
        _addresses = new ReceiverGate(_options.AttemptsPerAddress);
        _client = new HttpClient(_options.Handler()) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public string Name => "webhook";

    /// <inheritdoc/>
    public async Task<DeliveryResult> DeliverAsync(Notification n, CancellationToken cancel)
    {
        if (!WebhookRequest.TryAddress(n.Address, out var address))
            return DeliveryResult.Of(DeliveryReason.BadAddress, "the address is not an absolute http or https URL without credentials");
        var keys = new List<WebhookSecret>();
        if (n.SecretRef is { } references && ReadKeys(references, keys) is { } problem)
            return DeliveryResult.Of(DeliveryReason.SecretMissing, problem);

        // The path may hold a token, so only scheme, host and port are ever shown.
        var receiver = address.GetLeftPart(UriPartial.Authority);
        if (!_receivers.TryEnter(receiver))
            return DeliveryResult.Of(DeliveryReason.Congested, $"{receiver}: {_options.AttemptsPerReceiver} attempts are under way");
        try
        {
            if (!_addresses.TryEnter(n.Address))
                return DeliveryResult.Of(DeliveryReason.Congested, $"{receiver}: {_options.AttemptsPerAddress} attempts to this address are under way");
            try
            {
                using var request = WebhookRequest.Make(n, address, keys, _time.GetUtcNow());
                return await AttemptAsync(request, receiver, cancel);
            }
            finally
            {
                _addresses.Leave(n.Address);
            }
        }
        finally
        {
            _receivers.Leave(receiver);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<DeliveryResult> AttemptAsync(HttpRequestMessage request, string receiver, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var reason = WebhookAnswer.Of((int)response.StatusCode);
            var text = reason == DeliveryReason.Accepted ? "" : await TextAsync(response, either.Token);
            var retryAfter = reason.Verdict() == DeliveryVerdict.Retry ? WebhookAnswer.RetryAfter(response, _time.GetUtcNow()) : null;
            return DeliveryResult.Of(reason, $"{receiver}: HTTP {(int)response.StatusCode} {text}".TrimEnd(), retryAfter);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return DeliveryResult.Of(DeliveryReason.Timeout, $"{receiver}: no answer within {_options.Timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException e)
        {
            return DeliveryResult.Of(WebhookAnswer.Of(e), $"{receiver}: {e.HttpRequestError}: {OneLine.Of(e.Message, 200)}");
        }
    }

    /// <summary>The beginning of an answer. The status is already known and stands, whatever becomes of the rest.</summary>
    private async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var (buffer, length) = (new byte[_options.AnswerBytes], 0);
        var end = "";
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            end = "(the answer was cut off)";
        }

        return OneLine.Of(Encoding.UTF8.GetString(buffer, 0, length), buffer.Length) + end;
    }

    /// <summary>Reads what can be read: half-way through a rotation one of two secrets is enough. A problem when none can.</summary>
    private string? ReadKeys(string references, List<WebhookSecret> keys)
    {
        var problems = new List<string>();
        foreach (var reference in references.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var lookup = _secrets.Read(reference);
            if (lookup.Value is null)
                problems.Add(lookup.Problem!);
            else if (WebhookSecret.TryParse(lookup.Value, out var key, out var problem))
                keys.Add(key);
            else
                problems.Add($"{reference}: {problem}");
        }

        return keys.Count > 0 ? null : problems.Count > 0 ? string.Join("; ", problems) : "the secret reference is empty";
    }
}
