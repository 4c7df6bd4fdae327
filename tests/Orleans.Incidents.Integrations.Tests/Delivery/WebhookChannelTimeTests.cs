using Incidents.Delivery;
using Incidents.Engine.Delivery;
using Incidents.Integrations.Delivery;
using Incidents.Integrations.Delivery.Webhook;

namespace Incidents.Integrations.Tests.Delivery;

/// <summary>Receivers that do not answer: time-outs, cancellation, and what they may cost the others.</summary>
public sealed class WebhookChannelTimeTests : IAsyncDisposable
{
    private readonly ManualTime _time = new(ManualTime.Noon);
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Receiver _silent;
    private readonly WebhookChannel _channel;

    public WebhookChannelTimeTests()
    {
        _silent = new Receiver(async (_, stop) =>
        {
            _arrived.Release();
            return await new TaskCompletionSource<string>().Task.WaitAsync(stop);
        });
        _channel = new WebhookChannel(
            new EnvironmentAndFileSecrets(), _time, new WebhookOptions { ConnectionsPerReceiver = 2, AttemptsPerReceiver = 3 });
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _silent.DisposeAsync();
        _arrived.Dispose();
    }

    [Fact]
    public async Task DeliverAsync_NoAnswer_TimesOutAfterFifteenSecondsOfTheInjectedClock()
    {
        var attempt = DeliverAsync(_silent);
        await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(attempt.IsCompleted);

        _time.FireAll();
        var result = await attempt;

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.Timeout), (result.Verdict, result.Reason));
        Assert.Equal([TimeSpan.FromSeconds(15)], _time.Due);
    }

    [Fact]
    public async Task DeliverAsync_CallerCancels_ThrowsInsteadOfJudging()
    {
        using var cancel = new CancellationTokenSource();
        var attempt = _channel.DeliverAsync(Page(_silent), cancel.Token);
        await _arrived.WaitAsync(TestContext.Current.CancellationToken);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
    }

    [Fact]
    public async Task DeliverAsync_OneSilentReceiver_IsBoundedAndDoesNotHoldUpAnother()
    {
        await using var healthy = Receiver.Answering(Receiver.Http(200));
        var stuck = new[] { DeliverAsync(_silent), DeliverAsync(_silent), DeliverAsync(_silent) };
        await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        await _arrived.WaitAsync(TestContext.Current.CancellationToken);

        var refused = await DeliverAsync(_silent);
        var delivered = await DeliverAsync(healthy);

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.Congested), (refused.Verdict, refused.Reason));
        Assert.Equal(DeliveryVerdict.Delivered, delivered.Verdict);
        Assert.Equal(2, _silent.Requests.Count);
        _time.FireAll();
        Assert.All(await Task.WhenAll(stuck), r => Assert.Equal(DeliveryReason.Timeout, r.Reason));
    }

    [Fact]
    public async Task DeliverAsync_OneSilentAddress_LeavesRoomForOthersOfItsReceiver()
    {
        using var channel = new WebhookChannel(new EnvironmentAndFileSecrets(), _time, new WebhookOptions { AttemptsPerReceiver = 3, AttemptsPerAddress = 2 });
        Task<DeliveryResult> To(string path) => channel.DeliverAsync(Page(_silent) with { Address = new Uri(new Uri(_silent.Url), path).ToString() }, CancellationToken.None);
        var stuck = new[] { To("/a"), To("/a") };

        var refused = await To("/a");
        var other = To("/b");
        var full = await To("/c");

        Assert.Equal((DeliveryReason.Congested, DeliveryReason.Congested), (refused.Reason, full.Reason));
        Assert.Contains("to this address", refused.Detail, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(other.IsCompleted);
        _time.FireAll();
        Assert.All(await Task.WhenAll([.. stuck, other]), r => Assert.Equal(DeliveryReason.Timeout, r.Reason));
    }

    [Fact]
    public async Task DeliverAsync_AfterTheStuckAttemptsEnded_TheReceiverIsTriedAgain()
    {
        var stuck = new[] { DeliverAsync(_silent), DeliverAsync(_silent), DeliverAsync(_silent) };
        await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        _time.FireAll();
        await Task.WhenAll(stuck);

        var again = DeliverAsync(_silent);

        Assert.False(again.IsCompleted);
        _time.FireAll();
        Assert.Equal(DeliveryReason.Timeout, (await again).Reason);
    }

    private Task<DeliveryResult> DeliverAsync(Receiver receiver) => _channel.DeliverAsync(Page(receiver), CancellationToken.None);

    private static Notification Page(Receiver receiver) => new("p", "webhook", receiver.Url, null, "s", "text/plain", [1], Email.SomeMail.To("nobody@example.com").Page);
}
