using Incidents.Engine;
using Incidents.Engine.Views;
using Incidents.Server.Watching;
using NodaTime;

namespace Incidents.Server.Tests.Watching;

/// <summary>What the watchdog makes of what it reads; that it reads it right, the journal's tests say.</summary>
public sealed class StandingStillTests : IWaitingMessages, IWaitingViews
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly Duration Bound = Duration.FromMinutes(1);

    private readonly List<StoredMessage> _late = [];
    private readonly Dictionary<WaitingKind, List<WaitingRow>> _waiting = [];
    private readonly StandingStill _still;
    private StoredMessage? _next;

    public StandingStillTests() => _still = new StandingStill(this, this, Bound);

    [Fact]
    public void Nothing_late_is_nothing_found() => Assert.Empty(_still.Find(Noon, viewsAreFresh: true));

    [Fact]
    public void One_is_named_and_many_are_counted_with_a_few_examples()
    {
        Put(WaitingKind.Escalation, 500);
        Put(WaitingKind.Page, 1);
        var found = _still.Find(Noon, viewsAreFresh: true);

        Assert.Equal((FindingKind.StalledEscalations, 500L, "500 escalations stand still, such as i0, i1, i2"), (found[0].Kind, found[0].Count, found[0].Title));
        Assert.Equal((FindingKind.StalledPages, 1L, "1 page stands still, i0"), (found[1].Kind, found[1].Count, found[1].Title));
    }

    [Fact]
    public void Where_the_lists_are_stale_only_messages_are_judged()
    {
        Put(WaitingKind.Lapsed, 1);
        _late.Add(new StoredMessage("m", "incident/a", "incident:escalate", Noon));

        Assert.Equal([FindingKind.LateMessages], _still.Find(Noon, viewsAreFresh: false).Select(f => f.Kind));
        Assert.Equal([FindingKind.LateMessages, FindingKind.LapsedEscalations], _still.Find(Noon, viewsAreFresh: true).Select(f => f.Kind));
    }

    [Fact]
    public void What_waits_for_its_turn_is_late_when_it_is_still_the_next_one_behind_the_bound()
    {
        _next = new StoredMessage("a", "service/shop", "service:end-storm", Noon);
        Assert.Empty(_still.Find(Noon, viewsAreFresh: true));
        Assert.Empty(_still.Find(Noon + Bound, viewsAreFresh: true));
        Assert.Equal("1 stored message waits for its turn for over 1m, service:end-storm for service/shop", Assert.Single(_still.Find(Noon + Bound + Duration.Epsilon, viewsAreFresh: true)).Title);

        _next = _next with { Id = "b" };
        Assert.Empty(_still.Find(Noon + (2 * Bound), viewsAreFresh: true));
    }

    [Fact]
    public void Every_kind_has_a_name_of_its_own() =>
        Assert.Equal(FindingKinds.All.Count, FindingKinds.All.Select(FindingKinds.Name).Distinct().Count());

    IReadOnlyList<StoredMessage> IWaitingMessages.Late(Instant before, int limit) => [.. _late.Take(limit)];

    IReadOnlyList<StoredMessage> IWaitingMessages.Timers(StoredMessage? after, int limit) => [];

    long IWaitingMessages.CountLate(Instant before, int most) => Math.Min(most, _late.Count);

    StoredMessage? IWaitingMessages.Next() => _next;

    IReadOnlyList<WaitingRow> IWaitingViews.Waiting(WaitingKind kind, Instant before, int limit) => [.. _waiting.GetValueOrDefault(kind, []).Take(limit)];

    long IWaitingViews.CountWaiting(WaitingKind kind, Instant before, int most) => Math.Min(most, _waiting.GetValueOrDefault(kind, []).Count);

    private void Put(WaitingKind kind, int count) => _waiting[kind] = [.. Enumerable.Range(0, count).Select(i => new WaitingRow($"i{i}", Noon))];
}
