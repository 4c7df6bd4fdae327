using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Simulation.Outside;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Nodes.Outside;

/// <summary>
/// Commands and looks that are given to one node and decided by another: tried at home while that believes to own the actor, else at
/// whoever believes it, under the same id until there is an answer.
/// </summary>
internal sealed class NodeCalls(NodesWorld world)
{
    private static readonly Caller Sender = new("delivery", IdentityKind.Service);

    private readonly Random _random = world.Random;
    private readonly List<Call> _waiting = [];
    private readonly List<Call> _asked = [];
    private readonly List<Asked> _keyed = [];
    private int _calls;

    public bool Idle => _waiting.Count == 0;

    /// <summary>What was asked under ids of the askers' own, or can be counted because nobody else says the same.</summary>
    public IReadOnlyList<Asked> Countable => _keyed;

    public void Configure()
    {
        foreach (var (to, command) in Plan.Configuration())
            Give(new Asked(CommandId.Of($"call {_calls++}"), to, Caller.Config, command, Keyed: true, Poison: false), world.AnyNode());
    }

    /// <summary>Somebody does something to an incident.</summary>
    public void Act()
    {
        var known = world.Image.Of(ActorKind.Incident).TakeLast(6).ToList();
        if (known.Count == 0)
            return;
        ICommand command = _random.Next(20) switch
        {
            < 4 => new AcknowledgeIncident(),
            < 8 => new ResolveIncident(),
            < 9 => new ReopenIncident(),
            < 10 => new CloseIncident(),
            < 12 => new ChangeSeverity((Severity)_random.Next(4)),
            _ => new AddNote($"note {_calls}"),
        };
        var asked = new Asked(CommandId.Of($"call {_calls++}"), known[_random.Next(known.Count)].Id, Plan.People[_random.Next(Plan.People.Length)], command, _random.Next(2) == 0, Poison: false);
        _keyed.Add(asked);
        Give(asked, world.AnyNode());
    }

    /// <summary>The same command under the same id again, to any node.</summary>
    public void ActAgain()
    {
        if (_keyed.Where(a => a.Keyed).TakeLast(5).ToList() is not { Count: > 0 } known)
            return;
        world.Faults.Hit(NodeFault.CallAgain);
        Give(known[_random.Next(known.Count)], world.AnyNode());
    }

    /// <summary>Looks at some actor, at one that two nodes hold for theirs, or one has again, more often than chance would have it: what is seen is no older than what was durable before.</summary>
    public void Look()
    {
        var known = world.Image.Numbered;
        if (known.Count == 0)
            return;
        var contested = world.Image.Log.TakeLast(40).Select(e => e.Stream.Id).Where(s => world.IsContested(s.Shard)).ToList();
        var of = contested.Count > 0 && _random.Next(2) == 0 ? contested[_random.Next(contested.Count)]
            : _random.Next(3) == 0 ? known[_random.Next(known.Count)].Id
            : world.Image.Log[^_random.Next(1, Math.Min(9, world.Image.Log.Count + 1))].Stream.Id;
        if (world.OwnerOf(of.Shard) is not { } node)
            return;
        var before = world.Image.VersionOf(of);
        node.Post(new ReadWork(of, answer =>
        {
            node.Burn();
            if (answer.IsElsewhere)
            {
                world.Faults.Hit(NodeFault.LookElsewhere);
                return;
            }

            Must.Hold(answer.Version >= before, () => $"a look at {of} shows version {answer.Version} where {before} was durable when it was asked for");
            world.Books.Looked(of, answer);
        }));
    }

    /// <summary>An attempt to deliver a page ended, and its node says so.</summary>
    public void Report(SimNode home, bool calm)
    {
        if (home.EndAttempt() is not var (page, attempt))
            return;
        switch (calm ? 0 : _random.Next(20))
        {
            case < 11: Report(home, page, attempt, DeliveryResult.Of(DeliveryReason.Accepted, "")); break;
            case < 15:
                world.Faults.Hit(NodeFault.ChannelRetry);
                Report(home, page, attempt, DeliveryResult.Of(DeliveryReason.ServerError, "", _random.Next(3) == 0 ? Duration.FromMinutes(_random.Next(1, 20)) : null));
                break;
            case < 17: Report(home, page, attempt, DeliveryResult.Of(DeliveryReason.Gone, "410")); break;
            default: world.Faults.Hit(NodeFault.LostReport); break;
        }
    }

    /// <summary>One that waits is given to whoever owns its actor, as far as anybody knows.</summary>
    public void Route()
    {
        if (_waiting.Count == 0)
            return;
        var call = _waiting[_random.Next(_waiting.Count)];
        var node = call.Home.Moves.Owns(call.Asked.To.Shard) ? call.Home : world.OwnerOf(call.Asked.To.Shard);
        if (node is null)
            return;
        _waiting.Remove(call);
        Post(call, node);
    }

    /// <summary>A node is gone: what it was asked by others they ask again, and what it asked itself nobody does, but under an id of the asker's own.</summary>
    public void NodeDied(SimNode node)
    {
        foreach (var call in _asked.Concat(_waiting).Where(c => c.Home == node || c.At == node).ToList())
        {
            _asked.Remove(call);
            _waiting.Remove(call);
            if (call.Home != node)
                _waiting.Add(call);
            else if (call.Asked.Keyed)
                Give(call.Asked, world.AnyNode());
        }
    }

    private void Report(SimNode home, PageContent page, int attempt, DeliveryResult result) =>
        Give(new Asked(CommandId.Of($"{page.Id}#{attempt}"), StreamId.Page(page.Id), Sender, new ReportAttempt(attempt, result), Keyed: false, Poison: false), home);

    private void Give(Asked asked, SimNode home) => _waiting.Add(new Call(asked, home));

    private void Post(Call call, SimNode node)
    {
        var asked = call.Asked;
        var answered = false;
        call.At = node;
        call.WasAway |= node != call.Home;
        _asked.Add(call);
        world.Faults.Hit(NodeFault.CallAway, node == call.Home ? 0 : 1);
        node.Post(new CallWork(asked.Id, asked.To, asked.By, asked.Command, answer =>
        {
            node.Burn();
            Must.Hold(!answered, () => $"{asked.Command} to {asked.To} is answered twice");
            answered = true;
            if (!_asked.Remove(call))
                return;
            if (answer.IsElsewhere)
            {
                world.Faults.Hit(NodeFault.CallElsewhere);
                _waiting.Add(call);
                return;
            }

            world.Books.Called(asked, answer);
        }) { Remembered = asked.Keyed || call.WasAway });
    }

    private sealed class Call(Asked asked, SimNode home)
    {
        public Asked Asked { get; } = asked;

        public SimNode Home { get; } = home;

        /// <summary>The node that was asked last.</summary>
        public SimNode? At { get; set; }

        /// <summary>Whether another node was asked, which may have done it without an answer.</summary>
        public bool WasAway { get; set; }
    }
}
