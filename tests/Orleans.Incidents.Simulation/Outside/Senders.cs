using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Outside;

/// <summary>What a sender knows of one of its requests.</summary>
internal sealed class Sent(int serial, Caller by, CommandId? key, IReadOnlyList<RequestItem> items)
{
    public int Serial { get; } = serial;

    public Caller By { get; } = by;

    public CommandId? Key { get; } = key;

    public IReadOnlyList<RequestItem> Items { get; } = items;

    /// <summary>How large its body is.</summary>
    public long Bytes => 40 * Items.Count;

    /// <summary>Whether something in it can never be stored.</summary>
    public bool Poison { get; init; }

    /// <summary>The receipt, once it was answered with one.</summary>
    public RequestAnswer? Answer { get; set; }

    /// <summary>When it was sent first, and answered first, counted in what was sent and answered; absent: not yet.</summary>
    public (long Sent, long? Answered) Moments { get; set; }

    /// <summary>How many answers are still to come from the process that runs now.</summary>
    public int Awaited { get; set; }

    /// <summary>The sender's mark: it travels in the request's integration, which the receipt block keeps.</summary>
    public string Mark => $"request-{Serial}";
}

/// <summary>Alert sources: several identities, storms, retries with and without an id of their own.</summary>
internal sealed class Senders(SimulatedWorld world, Plan plan)
{
    private readonly Random _random = world.Random;
    private readonly Drawing _draw = new(world.Random, plan, world.Options, () => world.Now);
    private readonly List<Sent> _sent = [];

    public IReadOnlyList<Sent> All => _sent;

    /// <summary>A new request.</summary>
    public void SendNew()
    {
        var by = Plan.Senders[_random.Next(Plan.Senders.Length)];
        var items = new List<RequestItem>();
        var alerts = _random.Next(5) == 0 ? _random.Next(2, 7) : _random.Next(1, 3);
        var poison = _random.Next(60) == 0;
        for (var i = 0; i < alerts; i++)
            _draw.AddAlert(items, i, poison && i == alerts - 1);
        Remember(by, _random.Next(3) == 0, items, poison);
    }

    /// <summary>One sender floods.</summary>
    public void Flood()
    {
        var by = Plan.Senders[_random.Next(Plan.Senders.Length)];
        for (var left = _random.Next(5, 15); left > 0; left--)
        {
            var items = new List<RequestItem>();
            _draw.AddAlert(items, 0, poison: false);
            Remember(by, false, items, false);
        }
    }

    /// <summary>Ends whatever still fires, by its source's word.</summary>
    public void Resolve(StreamId group, string key)
    {
        Remember(Plan.Senders[0], false, [_draw.Resolve(group, key)], false);
    }

    /// <summary>The same request under the same id again, whether or not it was answered.</summary>
    public void SendTwin()
    {
        var known = _sent.Where(s => s.Key is not null).TakeLast(8).ToList();
        if (known.Count == 0)
            return;
        world.Tally.Hit(Fault.TwinRequest);
        Post(known[_random.Next(known.Count)]);
    }

    /// <summary>The process is gone: what was not answered is sent again, under its id or as something new.</summary>
    public void ProcessDied()
    {
        foreach (var sent in _sent.Where(s => s.Awaited > 0).ToList())
        {
            sent.Awaited = 0;
            Retry(sent);
        }
    }

    private void Retry(Sent sent)
    {
        if (sent.Key is not null)
        {
            world.Tally.Hit(Fault.RetryWithId);
            Post(sent);
        }
        else if (_random.Next(3) != 0)
        {
            world.Tally.Hit(Fault.RetryWithoutId);
            Remember(sent.By, false, sent.Items, sent.Poison);
        }
    }

    private void Remember(Caller by, bool keyed, IReadOnlyList<RequestItem> items, bool poison)
    {
        var serial = _sent.Count;
        var sent = new Sent(serial, by, keyed ? CommandId.Of($"key {serial}") : null, items) { Poison = poison };
        if (poison)
            world.Tally.Hit(Fault.PoisonRequest);
        _sent.Add(sent);
        Post(sent);
    }

    private void Post(Sent sent)
    {
        sent.Awaited++;
        var edge = world.Edge;
        edge.Offer(sent.By.Id, sent.Bytes, () => edge.Post(Request(edge, sent)), () =>
        {
            // 503: nothing of it is taken in by this attempt, and the sender comes again.
            sent.Awaited--;
            if (_random.Next(2) == 0)
                world.Later(() => Retry(sent));
        });
    }

    private RequestWork Request(Edge edge, Sent sent)
    {
        var answered = false;
        return new RequestWork
        {
            Id = CommandId.Of(sent.Mark), By = sent.By, Integration = sent.Mark, ReceivedAt = world.Now, Items = sent.Items, Key = sent.Key,
            Answer = answer =>
            {
                edge.Leave(sent.By.Id, sent.Bytes);
                world.Burn();
                Must.Hold(!answered, () => $"{sent.Mark} is answered twice");
                answered = true;
                sent.Awaited--;
                world.Books.Answered(sent, answer);
            },
        };
    }
}
