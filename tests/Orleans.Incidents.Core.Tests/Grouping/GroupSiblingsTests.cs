using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Services;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Grouping;

public class GroupSiblingsTests
{
    private static readonly StreamId First = StreamId.GroupByKey("generic", 1);
    private static readonly StreamId Second = StreamId.GroupByKey("generic", 2);
    private static readonly StreamId Third = StreamId.GroupByKey("generic", 3);
    private static readonly GroupTarget Other = Some.Target with { Service = "shop", Labels = LabelSet.Of("team", "web") };

    private static readonly GroupOpened Opened = new("shop", Some.Labels, Some.Incident, false, Some.Seen(), Some.Now, null);

    [Fact]
    public void A_trigger_on_two_routes_tells_the_first_group_of_the_second_which_is_sure_to_fire() =>
        Given(First).When(Trigger(Second)).Then(Reason.OpenedGroup, [Opened, new KeyRouted([Second])],
            [new(StreamId.Service("shop"), new AdmitProblem(First, 1, Some.Incident, "alert a", Severity.Critical, Some.Labels)), new(Second, new KeepFiring(Some.Alert(), Other))]);

    [Fact]
    public void A_trigger_that_tells_of_nobody_new_is_a_repeat()
    {
        var state = Given(First, Opened, new KeyRouted([Second])).State<GroupState>();
        Assert.True(GroupSiblings.AreKnown(state, Trigger(Second)));
        Assert.True(GroupSiblings.AreKnown(state, Trigger()));
        Assert.False(GroupSiblings.AreKnown(state, Trigger(Second, Third)));
    }

    [Fact]
    public void What_is_new_is_added_and_what_labels_no_longer_lead_to_stays_known() =>
        Given(First, Opened, new KeyRouted([Second])).When(Trigger(Third)).Then(Reason.AlertChanged,
            [new AlertFired(Some.Incident, Some.Seen(), Some.Now, null), new KeyRouted([Second, Third])], [new(Third, new KeepFiring(Some.Alert(), Other))]);

    [Fact]
    public void A_sibling_that_fires_already_changes_nothing() =>
        Given(Second, Opened).When(new KeepFiring(Some.Alert(), Some.Target)).ThenNothing(Reason.FiresAlready);

    [Fact]
    public void A_sibling_that_does_not_fire_begins_to() =>
        Given(Second).When(new KeepFiring(Some.Alert(), Some.Target)).Then(Reason.OpenedGroup, [Opened],
            [new(StreamId.Service("shop"), new AdmitProblem(Second, 1, Some.Incident, "alert a", Severity.Critical, Some.Labels))]);

    [Fact]
    public void A_sibling_whose_alert_or_whose_incident_ended_begins_to_fire_again()
    {
        Assert.Equal(Reason.FiredAgain, Given(Second, Opened, new AlertFired(Some.Incident, Some.Seen("b"), Some.Now, null), new AlertsEnded([0], Reason.ResolvedBySource, Some.Now))
            .When(new KeepFiring(Some.Alert(), Some.Target)).Decision.Reason);
        Assert.Equal(Reason.OpenedGroup, Given(Second, Opened, new GroupEnded(Some.Now)).When(new KeepFiring(Some.Alert(), Some.Target)).Decision.Reason);
    }

    [Fact]
    public void An_acknowledgement_is_passed_on_as_often_as_it_comes()
    {
        Message passed = new(Second, Some.Acknowledge());
        Message own = new(StreamId.Incident(Some.Incident), new AcknowledgeBySource());
        Given(First, Opened, new KeyRouted([Second])).When(Some.Acknowledge()).Then(Reason.AcknowledgedBySource, [new GroupAcknowledged("a")], [own, passed])
            .When(Some.Acknowledge()).Then(Reason.AlreadyAcknowledged, [], [own, passed]);
    }

    [Fact]
    public void A_resolve_is_passed_on_once() =>
        Given(First, Opened, new KeyRouted([Second, Third])).When(Some.Resolve()).Then(Reason.ResolvedBySource,
            [new AlertsEnded([0], Reason.ResolvedBySource, Some.Now), new GroupEnded(Some.Now), new KeyRouted([])],
            [new(StreamId.Incident(Some.Incident), new EndProblem(First, 1, Reason.ResolvedBySource)), new(Second, Some.Resolve()), new(Third, Some.Resolve())])
            .When(Some.Resolve()).ThenNothing(Reason.NothingOpen);

    [Fact]
    public void What_ended_on_the_first_route_is_still_passed_on_to_the_others() =>
        Given(First, Opened, new KeyRouted([Second]), new GroupEnded(Some.Now)).When(Some.Resolve()).Then(Reason.ForwardedByKey, [new KeyRouted([])], [new(Second, Some.Resolve())]);

    [Fact]
    public void A_group_that_opens_anew_without_a_resolve_still_knows_its_siblings() =>
        Assert.Equal([Second], Given(First, Opened, new KeyRouted([Second]), new GroupEnded(Some.Now), Opened).State<GroupState>().Siblings);

    [Fact]
    public void A_resolve_by_key_ends_every_incident_of_it_also_where_labels_no_longer_lead()
    {
        var world = Both();
        Send(world, Trigger(Third), Third);
        Assert.Equal(3, world.Incidents.Count(i => IncidentRules.IsOpen(i.State)));
        Send(world, Some.Resolve());
        Assert.All(world.Incidents, i => Assert.Equal(IncidentStatus.Resolved, i.State.Status));
    }

    [Fact]
    public void An_acknowledgement_by_key_stops_every_escalation()
    {
        var world = Both();
        Send(world, Some.Acknowledge());
        Assert.Equal(["monitoring", "monitoring"], world.Incidents.Select(i => i.State.AcknowledgedBy));
    }

    [Fact]
    public void What_is_resolved_and_triggered_in_one_request_fires_on_every_route()
    {
        var world = Both();
        world.Post(First, Some.Resolve(), Some.Monitoring);
        world.Post(First, Trigger(Second), Some.Monitoring);
        world.Post(Second, new Signal(Some.Alert(), Other), Some.Monitoring);
        world.Run();
        Assert.All([First, Second], g => Assert.Equal((true, 1), (world.Group(g).Open, world.Group(g).Firing)));
        Assert.Equal(2, world.Incidents.Count(i => IncidentRules.IsOpen(i.State)));
        Send(world, Some.Resolve());
        Assert.DoesNotContain(world.Incidents, i => IncidentRules.IsOpen(i.State));
    }

    [Fact]
    public void What_is_triggered_and_resolved_in_one_request_is_over_on_every_route()
    {
        var world = new World(folds: true).Configured(Some.Service(burst: 9));
        world.Post(First, Trigger(Second), Some.Monitoring);
        world.Post(Second, new Signal(Some.Alert(), Other), Some.Monitoring);
        world.Post(First, Some.Resolve(), Some.Monitoring);
        world.Run();
        Assert.Equal(2, world.Incidents.Count());
        Assert.DoesNotContain(world.Incidents, i => IncidentRules.IsOpen(i.State));
    }

    [Fact]
    public void Repeats_fold_in_each_group()
    {
        var world = Both();
        for (var i = 0; i < 5; i++)
            Send(world, Trigger(Second), Second);
        Assert.All([First, Second], g => Assert.Equal(5, world.Seen(g).Repeats));
    }

    private static World Both()
    {
        var world = new World(folds: true).Configured(Some.Service(burst: 9));
        Send(world, Trigger(Second), Second);
        Assert.Equal(2, world.Incidents.Count());
        return world;
    }

    private static void Send(World world, Signal signal, params StreamId[] siblings)
    {
        world.Post(First, signal, Some.Monitoring);
        foreach (var sibling in siblings)
            world.Post(sibling, new Signal(signal.Alert, Other), Some.Monitoring);
        world.Run();
    }

    private static Signal Trigger(params StreamId[] siblings) => Some.Trigger() with { Also = [.. siblings.Select(s => new Sibling(s, Other))] };
}
