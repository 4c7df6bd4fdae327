using FsCheck;
using FsCheck.Fluent;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;

namespace Incidents.Core.Tests.Incidents;

/// <summary>What holds of all actors together whenever nothing is left to do, however hastily alerts and people follow each other.</summary>
public class WorldLaws
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(600);

    [Fact]
    public void Every_open_group_has_an_open_incident_that_waits_for_its_end() => Hold(world =>
    {
        foreach (var group in Plays.Groups)
        {
            if (world.Group(group) is not { Open: true, Waiting: false } state)
                continue;
            var incident = world.Incident(state.Incident!);
            Assert.True(IncidentRules.IsOpen(incident), $"{group} is open and its incident {state.Incident} is {incident.Status}");
            Assert.True(state.Firing == 0 || incident.Groups.ContainsKey(group), $"{group} fires and {state.Incident} does not know");
        }
    });

    [Fact]
    public void Every_open_incident_waits_for_an_open_group_of_its_own_unless_a_person_opened_it_again() => Hold(world =>
    {
        foreach (var (id, incident) in world.Incidents.Where(i => IncidentRules.IsOpen(i.State)))
        {
            if (ReopenedByPerson(world, id))
                continue;
            Assert.NotEmpty(incident.Groups);
            Assert.All(incident.Groups.Keys, g => Assert.True(world.Group(g) is { Open: true } state && state.Incident == id, $"{id} waits for {g}, which is not its own"));
        }
    });

    [Fact]
    public void No_group_belongs_to_two_open_incidents_unless_a_person_opened_one_again() => Hold(world =>
    {
        foreach (var group in Plays.Groups.Where(g => world.Group(g).Open))
        {
            var incidents = world.Incidents.Where(i => IncidentRules.IsOpen(i.State) && i.State.Groups.ContainsKey(group) && !ReopenedByPerson(world, i.Id));
            Assert.True(incidents.Count() <= 1, $"{group} has two open incidents");
        }
    });

    [Fact]
    public void A_page_worthy_incident_that_nobody_took_on_has_paged_or_said_why_not() => Hold(world =>
    {
        foreach (var (id, incident) in world.Incidents.Where(i => i.State is { Status: IncidentStatus.Active, AcknowledgedBy: null } s && s.Severity <= s.PageFrom))
            Assert.True(incident.Escalation is not null, $"{id} never paged");
    });

    [Fact]
    public void An_incident_is_as_urgent_as_its_most_urgent_firing_alert_unless_a_person_set_it() => Hold(world =>
    {
        foreach (var (id, incident) in world.Incidents.Where(i => IncidentRules.IsOpen(i.State)))
        {
            if (world.History[StreamId.Incident(id)].OfType<SeverityChanged>().Any(c => c.Why == Reason.SeverityChanged))
                continue;
            foreach (var state in incident.Groups.Keys.Select(world.Group).Where(g => g.Open && g.Incident == id && g.Firing > 0))
                Assert.True(incident.Severity <= state.Worst!.Urgency, $"{id} is {incident.Severity} and an alert of it {state.Worst.Urgency}");
        }
    });

    [Fact]
    public void Nobody_is_being_paged_for_what_somebody_has_taken_on_or_what_has_ended() => Hold(world =>
    {
        foreach (var (id, incident) in world.Incidents.Where(i => i.State.AcknowledgedBy is not null || !IncidentRules.IsOpen(i.State)))
        {
            Assert.Empty(incident.Outstanding);
            foreach (var page in world.History.Keys.Where(s => s.Kind == ActorKind.Page && s.Key.StartsWith(id, StringComparison.Ordinal)).Select(s => (PageState)world.State(s)))
                Assert.True(page.Status is PageStatus.Delivered or PageStatus.GivenUp or PageStatus.Withdrawn, $"{page.Content?.Id} is {page.Status}");
        }
    });

    [Fact]
    public void No_page_is_tried_after_it_was_withdrawn() => Hold(world => Assert.All(world.History.Where(h => h.Key.Kind == ActorKind.Page), page =>
        Assert.DoesNotContain(page.Value.SkipWhile(e => e is not PageWithdrawn), e => e is PageAttemptStarted)));

    [Fact]
    public void An_acknowledgement_never_outlives_its_lease_and_renewals_pile_up_no_timers() => Hold(world =>
    {
        foreach (var (id, incident) in world.Incidents.Where(i => i.State.AcknowledgedUntil is not null))
        {
            Assert.True(incident.AcknowledgedUntil > world.Now, $"{id} is acknowledged until {incident.AcknowledgedUntil}, and it is {world.Now}");
            var timers = world.Timers.Where(t => t.To.Key == id).Select(t => t.Command).OfType<ExpireAcknowledgement>().ToList();
            Assert.Contains(timers, t => t.ArmedFor == incident.LeaseArmedFor);
            Assert.True(timers.Count <= world.History[StreamId.Incident(id)].OfType<IncidentAcknowledged>().Count(), $"{id} has {timers.Count} timers");
        }
    });

    [Fact]
    public void Replay_equals_live() => Check.One(Config, Prop.ForAll(Plays.Any, deeds =>
    {
        var world = Plays.Perform(deeds);
        return world.History.All(h => Show.Of(h.Value.Aggregate(Actors.Initial(h.Key.Kind), (state, happened) => Actors.Evolve(h.Key.Kind, state, happened))) == Show.Of(world.State(h.Key)));
    }));

    private static bool ReopenedByPerson(World world, string incident) =>
        world.History[StreamId.Incident(incident)].OfType<IncidentReopened>().Any(r => r.Why == Reason.Reopened);

    private static void Hold(Action<World> law) => Check.One(Config, Prop.ForAll(Plays.Any, deeds =>
    {
        Plays.Perform(deeds, atRest: law);
        return true;
    }));
}
