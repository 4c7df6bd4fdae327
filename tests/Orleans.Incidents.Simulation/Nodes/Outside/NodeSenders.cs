using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Simulation.Outside;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Nodes.Outside;

/// <summary>Alert sources that give their requests to any node, and the same request to several where they know no better.</summary>
internal sealed class NodeSenders(NodesWorld world, Plan plan)
{
    private readonly Random _random = world.Random;
    private readonly Drawing _draw = new(world.Random, plan, world.Options, () => world.Now);
    private readonly List<Sent> _sent = [];
    private readonly List<(SimNode Node, Sent Sent)> _asked = [];
    private long _moment;

    public IReadOnlyList<Sent> All => _sent;

    /// <summary>A new request.</summary>
    public void SendNew()
    {
        var items = new List<RequestItem>();
        var alerts = _random.Next(5) == 0 ? _random.Next(2, 7) : _random.Next(1, 3);
        var poison = _random.Next(100) == 0;
        for (var i = 0; i < alerts; i++)
            _draw.AddAlert(items, i, poison && i == alerts - 1);
        Remember(Plan.Senders[_random.Next(Plan.Senders.Length)], _random.Next(2) == 0, items, poison);
    }

    /// <summary>Ends whatever still fires, by its source's word.</summary>
    public void Resolve(StreamId group, string key) => Remember(Plan.Senders[0], false, [_draw.Resolve(group, key)], false);

    /// <summary>The same request under the same id again, to any node.</summary>
    public void SendTwin()
    {
        if (_sent.Where(s => s.Key is not null).TakeLast(5).ToList() is { Count: > 0 } known)
            Post(known[_random.Next(known.Count)]);
    }

    /// <summary>A node is gone: what it has not answered is sent again, under its id or as something new.</summary>
    public void NodeDied(SimNode node)
    {
        foreach (var (_, sent) in _asked.Where(a => a.Node == node).ToList())
        {
            sent.Awaited--;
            if (sent.Key is not null || _random.Next(3) != 0)
                world.Faults.Hit(NodeFault.RetryElsewhere);
            if (sent.Key is not null)
                Post(sent);
            else if (_random.Next(3) != 0)
                Remember(sent.By, false, sent.Items, sent.Poison);
        }

        _asked.RemoveAll(a => a.Node == node);
    }

    private void Remember(Caller by, bool keyed, IReadOnlyList<RequestItem> items, bool poison)
    {
        var sent = new Sent(_sent.Count, by, keyed ? CommandId.Of($"key {_sent.Count}") : null, items) { Poison = poison, Moments = (++_moment, null) };
        _sent.Add(sent);
        Post(sent);
    }

    private void Post(Sent sent)
    {
        sent.Awaited++;
        var node = world.AnyNode();
        var answered = false;
        _asked.Add((node, sent));
        node.Post(new RequestWork
        {
            Id = CommandId.Of(sent.Mark), By = sent.By, Integration = sent.Mark, ReceivedAt = world.Now, Items = sent.Items, Key = sent.Key,
            Answer = answer =>
            {
                node.Burn();
                Must.Hold(!answered, () => $"{sent.Mark} is answered twice");
                answered = true;
                sent.Awaited--;
                _asked.Remove((node, sent));
                if (answer.Failed is null)
                    sent.Moments = (sent.Moments.Sent, sent.Moments.Answered ?? ++_moment);
                world.Books.Answered(sent, answer);
            },
        });
    }
}
