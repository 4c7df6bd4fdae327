using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Incidents.Pages;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Outside;

/// <summary>The delivery channels: they take time, fail, and their reports get lost or come twice.</summary>
internal sealed class Channels(SimulatedWorld world)
{
    private static readonly Caller Sender = new("delivery", IdentityKind.Service);

    private readonly Random _random = world.Random;
    private readonly List<(PageContent Page, int Attempt)> _underWay = [];

    public bool Idle => _underWay.Count == 0;

    public void Begin(PageContent page, int attempt) => _underWay.Add((page, attempt));

    /// <summary>The process is gone and nobody hears how its attempts end.</summary>
    public void ProcessDied()
    {
        world.Tally.Hit(Fault.LostReport, _underWay.Count);
        _underWay.Clear();
    }

    /// <summary>One attempt ends.</summary>
    public void Finish(bool calm)
    {
        if (_underWay.Count == 0)
            return;
        var i = _random.Next(_underWay.Count);
        var (page, attempt) = _underWay[i];
        _underWay.RemoveAt(i);
        switch (calm ? _random.Next(8) : _random.Next(20))
        {
            case < 7:
                Report(page, attempt, DeliveryResult.Of(DeliveryReason.Accepted, ""));
                break;
            case 7:
                world.Tally.Hit(Fault.ChannelGaveUp);
                Report(page, attempt, DeliveryResult.Of(DeliveryReason.Gone, "410"));
                break;
            case < 14:
                world.Tally.Hit(Fault.ChannelRetry);
                var wait = _random.Next(3) == 0 ? Duration.FromMinutes(_random.Next(1, 20)) : (Duration?)null;
                Report(page, attempt, DeliveryResult.Of(wait is null ? DeliveryReason.ServerError : DeliveryReason.RateLimited, "", wait));
                break;
            case < 17:
                world.Tally.Hit(Fault.LostReport);
                break;
            default:
                world.Tally.Hit(Fault.DuplicateReport);
                Report(page, attempt, DeliveryResult.Of(DeliveryReason.Accepted, ""));
                Report(page, attempt, DeliveryResult.Of(DeliveryReason.Timeout, ""));
                break;
        }
    }

    private void Report(PageContent page, int attempt, DeliveryResult result) =>
        world.Edge.Post(new CallWork(CommandId.Of($"{page.Id}#{attempt}"), StreamId.Page(page.Id), Sender, new ReportAttempt(attempt, result), _ => world.Burn()));
}
