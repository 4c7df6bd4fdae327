using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;
using NodaTime;

namespace Incidents.Core.Tests.Decisions;

/// <summary>Given events, when a command, then a reason, events and messages. Pure: no engine, no journal.</summary>
internal sealed class Scenario
{
    private readonly StreamId _self;
    private object _state;

    private Scenario(StreamId self, IEnumerable<IEvent> events)
    {
        _self = self;
        _state = events.Aggregate(Actors.Initial(self.Kind), (state, happened) => Actors.Evolve(self.Kind, state, happened));
    }

    public static Scenario Given(StreamId self, params IEvent[] events) => new(self, events);

    /// <summary>What the past amounts to.</summary>
    public T State<T>() => (T)_state;

    /// <summary>Decides; without a time at <see cref="Some.Now"/>, without a caller by the monitoring identity.</summary>
    public Outcome When(ICommand command, Instant? at = null, Caller? by = null) =>
        new(this, Actors.Decide(_self, _state, command, new TurnInput(at ?? Some.Now, by ?? Some.Monitoring, Some.Command)));

    /// <summary>A decision, to be compared with what was expected.</summary>
    public sealed class Outcome(Scenario scenario, Decision decision)
    {
        public Decision Decision => decision;

        public Scenario Then(Reason reason, IEvent[]? events = null, Message[]? messages = null)
        {
            Assert.Equal(reason, decision.Reason);
            Assert.Equal(Lines(events ?? []), Lines(decision.Events));
            Assert.Equal(Lines(messages ?? []), Lines(decision.Messages));
            return And();
        }

        /// <summary>Nothing happens and nothing follows.</summary>
        public Scenario ThenNothing(Reason reason) => Then(reason);

        /// <summary>Goes on with what was decided.</summary>
        public Scenario And()
        {
            scenario._state = decision.Events.Aggregate(scenario._state, (state, happened) => Actors.Evolve(scenario._self.Kind, state, happened));
            return scenario;
        }

        private static string Lines(IEnumerable<object> values) => string.Join('\n', values.Select(Show.Of));
    }
}

/// <summary>The rules and folds of every actor kind, by kind.</summary>
internal static class Actors
{
    public static object Initial(ActorKind kind) => kind switch
    {
        ActorKind.Group => GroupState.Initial,
        ActorKind.Service => ServiceState.Initial,
        ActorKind.Incident => IncidentState.Initial,
        ActorKind.Responder => ResponderState.Initial,
        ActorKind.Page => PageState.Initial,
        ActorKind.Identity => IdentityState.Initial,
        ActorKind.Integration => IntegrationState.Initial,
        ActorKind.Channel => ChannelState.Initial,
        ActorKind.Letter => LetterState.Initial,
        _ => RoutingState.Initial,
    };

    public static object Evolve(ActorKind kind, object state, IEvent happened) => kind switch
    {
        ActorKind.Group => GroupState.Evolve((GroupState)state, happened),
        ActorKind.Service => ServiceState.Evolve((ServiceState)state, happened),
        ActorKind.Incident => IncidentState.Evolve((IncidentState)state, happened),
        ActorKind.Responder => ResponderState.Evolve((ResponderState)state, happened),
        ActorKind.Page => PageState.Evolve((PageState)state, happened),
        ActorKind.Identity => IdentityState.Evolve((IdentityState)state, happened),
        ActorKind.Integration => IntegrationState.Evolve((IntegrationState)state, happened),
        ActorKind.Channel => ChannelState.Evolve((ChannelState)state, happened),
        ActorKind.Letter => LetterState.Evolve((LetterState)state, happened),
        _ => RoutingState.Evolve((RoutingState)state, happened),
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
