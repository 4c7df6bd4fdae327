using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;
using NodaTime;

namespace Incidents.Core.Tests.Decisions;

/// <summary>
/// Every actor's rules at work together: messages in order of sending, timers in order of time, on a clock that only the test
/// moves. No journal and no failure: what goes wrong here goes wrong in the rules.
/// </summary>
internal sealed class World(bool folds)
{
    private readonly Dictionary<StreamId, object> _states = [];
    private readonly Dictionary<StreamId, Repeats> _repeats = [];
    private readonly Queue<(StreamId To, ICommand Command, Caller By, CommandId Id)> _ready = new();
    private readonly PriorityQueue<(StreamId To, ICommand Command, Caller By, CommandId Id), (Instant Due, int Order)> _timers = new();
    private int _posts;

    public Instant Now { get; private set; } = Some.Now;

    public Dictionary<StreamId, List<IEvent>> History { get; } = [];

    public IEnumerable<(string Id, IncidentState State)> Incidents =>
        History.Keys.Where(s => s.Kind == ActorKind.Incident).Select(s => (s.Key, (IncidentState)_states[s]));

    public GroupState Group(StreamId group) => (GroupState)State(group);

    public IncidentState Incident(string id) => (IncidentState)State(StreamId.Incident(id));

    public object State(StreamId of) => _states.GetValueOrDefault(of) ?? Actors.Initial(of.Kind);

    /// <summary>Everything that comes later: for whom, what, and when.</summary>
    public IEnumerable<(StreamId To, ICommand Command, Instant Due)> Timers => _timers.UnorderedItems.Select(t => (t.Element.To, t.Element.Command, t.Priority.Due));

    /// <summary>How many alerts the group took in: decided and folded.</summary>
    public long Alerts(StreamId group) => Events<GroupOpened>(group) + Events<GroupReopened>(group) + Events<AlertFired>(group) + Events<AlertCounted>(group)
        + Group(group).Repeats + (_repeats.GetValueOrDefault(group)?.Count ?? 0);

    /// <summary>The group with what was folded since its last event.</summary>
    public GroupState Seen(StreamId group) => _repeats.TryGetValue(group, out var repeats) ? GroupState.Evolve(Group(group), repeats.ToEvent("")) : Group(group);

    public World Configured(ServiceDefinition service)
    {
        Post(StreamId.Service(service.Id), new ConfigureService(service, Some.Policy), Caller.Config);
        foreach (var responder in new[] { Some.Responder("alice", "https://a"), Some.Responder("bob"), Some.Responder("carol", "https://c", "https://d") })
            Post(StreamId.Responder(responder.Id), new ConfigureResponder(responder), Caller.Config);
        Run();
        return this;
    }

    /// <summary>Takes up a command; it is decided by <see cref="Run"/>, behind what was posted before.</summary>
    public void Post(StreamId to, ICommand command, Caller by) => _ready.Enqueue((to, command, by, CommandId.Of($"post {_posts++}")));

    /// <summary>Runs until nothing is left to do now.</summary>
    public void Run()
    {
        while (_ready.TryDequeue(out var next))
            Turn(next.To, next.Command, next.By, next.Id);
    }

    /// <summary>Moves the clock; timers on the way come at their own times.</summary>
    public void Pass(Duration time)
    {
        var until = Now + time;
        while (_timers.TryPeek(out var timer, out var at) && at.Due <= until)
        {
            _timers.Dequeue();
            Now = Instant.Max(Now, at.Due);
            _ready.Enqueue(timer);
            Run();
        }

        Now = until;
    }

    private void Turn(StreamId self, ICommand command, Caller by, CommandId id)
    {
        if (folds && command is Signal signal && Folding.PlaceOfRepeat(Group(self), signal, Now) is >= 0 and var place)
        {
            var member = Group(self).Members[place];
            _repeats[self] = _repeats.TryGetValue(self, out var before) ? before.Add(member, place, Now) : Repeats.First(by.Id, member, place, Now);
            return;
        }

        var covered = _repeats.TryGetValue(self, out var repeats) ? repeats.ToEvent(Group(self).Incident!) : null;
        var decision = Actors.Decide(self, covered is null ? State(self) : GroupState.Evolve(Group(self), covered), command, new TurnInput(Now, by, id));
        if (covered is not null && !decision.Events.IsEmpty)
        {
            Append(self, covered);
            _repeats.Remove(self);
        }

        foreach (var happened in decision.Events)
            Append(self, happened);
        for (var i = 0; i < decision.Messages.Length; i++)
        {
            var message = decision.Messages[i];
            if (message.Due is { } due)
                _timers.Enqueue((message.To, message.Command, by, id.Derive(i)), (due, _posts++));
            else
                _ready.Enqueue((message.To, message.Command, by, id.Derive(i)));
        }
    }

    private void Append(StreamId self, IEvent happened)
    {
        _states[self] = Actors.Evolve(self.Kind, State(self), happened);
        if (!History.TryGetValue(self, out var events))
            History.Add(self, events = []);
        events.Add(happened);

        // Of the world's pages some arrive, some are lost for good and some fail for hours, so that escalation meets all of them.
        if (happened is PageAttemptStarted attempt)
        {
            var reason = (attempt.Content.Incident[^1] % 3) switch { 0 => DeliveryReason.Accepted, 1 => DeliveryReason.Gone, _ => DeliveryReason.ServerError };
            Post(self, new ReportAttempt(attempt.Attempt, DeliveryResult.Of(reason, "")), new Caller("delivery", Some.Monitoring.Kind));
        }
    }

    private int Events<T>(StreamId of) => History.TryGetValue(of, out var events) ? events.OfType<T>().Count() : 0;
}
