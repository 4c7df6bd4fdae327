using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;

namespace Incidents.Engine;

/// <summary>The list of actor kinds: for each its beginning, its fold and its rules. Adding a kind is adding a line to each.</summary>
public static class ActorKinds
{
    public static object Initial(ActorKind kind) => kind switch
    {
        ActorKind.Group => GroupState.Initial,
        ActorKind.Service => ServiceState.Initial,
        ActorKind.Incident => IncidentState.Initial,
        ActorKind.Responder => ResponderState.Initial,
        ActorKind.Identity => IdentityState.Initial,
        ActorKind.Page => PageState.Initial,
        ActorKind.Integration => IntegrationState.Initial,
        ActorKind.Routing => RoutingState.Initial,
        ActorKind.Channel => ChannelState.Initial,
        ActorKind.Letter => LetterState.Initial,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an actor kind"),
    };

    public static object Evolve(ActorKind kind, object state, IEvent happened) => kind switch
    {
        ActorKind.Group => GroupState.Evolve((GroupState)state, happened),
        ActorKind.Service => ServiceState.Evolve((ServiceState)state, happened),
        ActorKind.Incident => IncidentState.Evolve((IncidentState)state, happened),
        ActorKind.Responder => ResponderState.Evolve((ResponderState)state, happened),
        ActorKind.Identity => IdentityState.Evolve((IdentityState)state, happened),
        ActorKind.Page => PageState.Evolve((PageState)state, happened),
        ActorKind.Integration => IntegrationState.Evolve((IntegrationState)state, happened),
        ActorKind.Routing => RoutingState.Evolve((RoutingState)state, happened),
        ActorKind.Channel => ChannelState.Evolve((ChannelState)state, happened),
        ActorKind.Letter => LetterState.Evolve((LetterState)state, happened),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an actor kind"),
    };

    public static Decision Decide(StreamId self, object state, ICommand command, TurnInput input) => self.Kind switch
    {
        ActorKind.Group => GroupRules.Decide(self, (GroupState)state, command, input),
        ActorKind.Service => ServiceRules.Decide(self, (ServiceState)state, command, input),
        ActorKind.Incident => IncidentRules.Decide(self, (IncidentState)state, command, input),
        ActorKind.Responder => ResponderRules.Decide((ResponderState)state, self, command, input),
        ActorKind.Page => PageRules.Decide((PageState)state, command, input),
        ActorKind.Letter => LetterRules.Decide(self, (LetterState)state, command, input),
        _ => ConfiguredRules.Decide(command),
    };
}
