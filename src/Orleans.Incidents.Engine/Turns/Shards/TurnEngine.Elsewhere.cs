using Incidents.Decisions;

namespace Incidents.Engine.Turns;

/// <summary>What this node is given and another one decides.</summary>
public sealed partial class TurnEngine
{
    // A message of them stays well within the largest payload, and one that fails takes few others with it.
    private const int MaxForwarded = 100;

    private bool IsForAnother(Work work) => _shards is not null && work switch
    {
        CallWork call => !Owns(call.To),
        ReadWork read => !Owns(read.Of),
        _ => Message(work) is { } message && !Owns(message.To),
    };

    // A message for an actor of another node is on disk, where its owner finds it.
    private bool IsElsewhere(Work work)
    {
        if (!IsForAnother(work))
            return false;
        if (Message(work) is { } message)
            Waiting(message).Consumed(message);
        else if (work is CallWork call)
            call.Answer(new CallAnswer(default, false, 0, 0, IsElsewhere: true));
        else if (work is ReadWork read)
            read.Answer(new ReadAnswer(ActorKinds.Initial(read.Of.Kind), 0, 0, 0, IsElsewhere: true));
        return true;
    }

    // One message a shard, or a few, in the flush that accepts the request.
    private void Forward(RequestRecord record)
    {
        var request = record.Request;
        var messages = new List<MessageWork>();
        var places = Enumerable.Range(0, request.Items.Count).Where(i => record.Outcomes[i].Reason == Audit.Reason.Forwarded && request.Items[i].Signal is not null);
        foreach (var chunk in places.GroupBy(i => request.Items[i].Group.Shard).SelectMany(shard => shard.Chunk(MaxForwarded).Select(c => (Shard: shard.Key, Places: c))))
        {
            var alerts = new List<TakenAlert>(chunk.Places.Length);
            var id = request.Id.Derive(-1 - chunk.Places[0]);
            var alert = -1;
            foreach (var place in chunk.Places)
            {
                var item = request.Items[place];
                if (alerts.Count == 0 || item.Index != request.Items[chunk.Places[alerts.Count - 1]].Index)
                    alert++;
                alerts.Add(new TakenAlert(alert, item.Group, item.Signal!));
                record.Outcomes[place] = record.Outcomes[place] with { Forward = id, ForwardAlert = alert };
            }

            messages.Add(Forward(request, id, new TakeAlerts(request.Integration, request.ReceivedAt, [.. alerts])));
        }

        record.Made = messages;
        messages.ForEach(m => Send(m, record));
    }

    private MessageWork Forward(RequestWork request, CommandId id, TakeAlerts alerts)
    {
        var (type, payload) = Write(alerts);
        return new MessageWork(id, alerts.Alerts[0].Group, request.By, alerts) { Type = type, Payload = payload, Due = NextPlace(), Origin = request.Origin };
    }
}
