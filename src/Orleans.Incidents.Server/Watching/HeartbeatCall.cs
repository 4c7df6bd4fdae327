using Incidents.Integrations.Delivery;

namespace Incidents.Server.Watching;

/// <summary>How a call of the outward heartbeat ended; the name in lower case is the metric's label.</summary>
internal enum HeartbeatOutcome
{
    /// <summary>The receiver said yes (2xx).</summary>
    Sent,

    /// <summary>It said anything else; a redirect is not followed.</summary>
    Refused,

    /// <summary>It did not answer in time.</summary>
    Timeout,

    /// <summary>It could not be reached.</summary>
    Unreachable,

    /// <summary>The address could not be read, or is none.</summary>
    Misconfigured,
}

/// <summary>
/// Calls somebody else's dead man's switch. The address is a secret: it is read afresh at each call, appears in no line, and nothing
/// that comes back leads elsewhere.
/// </summary>
internal sealed class HeartbeatCall(ISecretReader secrets, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 1, MaxResponseDrainSize = 4096, PooledConnectionLifetime = TimeSpan.FromMinutes(2), ActivityHeadersPropagator = null,
    }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<HeartbeatOutcome> CallAsync(string reference, CancellationToken stop)
    {
        if (!Uri.TryCreate(secrets.Read(reference).Value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return HeartbeatOutcome.Misconfigured;
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using var answer = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? HeartbeatOutcome.Sent : HeartbeatOutcome.Refused;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return HeartbeatOutcome.Timeout;
        }
        catch (HttpRequestException)
        {
            return HeartbeatOutcome.Unreachable;
        }
    }

    public void Dispose() => _client.Dispose();
}
