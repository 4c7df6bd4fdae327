using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Identities;
using Incidents.Responders;
using Incidents.Routing.Intervals;
using Incidents.Services;

namespace Incidents.Server.Hosting;

/// <summary>
/// The catalogue in the journal: read back at a start, and brought to what a file or the starter declares by journalled
/// commands. Only what differs is written.
/// </summary>
internal sealed class CatalogueKeeper(IJournalHistory history, IActors actors)
{
    /// <summary>What the journal declares. With a file, entries that an earlier file declared and this one does not are left out.</summary>
    public Catalogue Read(Catalogue? file)
    {
        var catalogue = file ?? Catalogue.Empty;
        foreach (var (happened, by) in Entries())
        {
            if (file is not null && by == Caller.Config.Id)
                continue;
            catalogue = Add(catalogue, happened, isOver: file is null);
        }

        return catalogue;
    }

    /// <summary>Journals what a catalogue declares and the journal does not have yet.</summary>
    public async Task ApplyAsync(Catalogue catalogue, Caller by)
    {
        // Its own each time, because what was declared before may be declared again; within it a command that is given twice is done once.
        var time = Guid.NewGuid();
        var known = Entries().ToDictionary(e => Key(e.Happened), e => Bytes(e.Happened), StringComparer.Ordinal);
        foreach (var (stream, command, becomes) in Commands(catalogue))
        {
            var bytes = Bytes(becomes);
            if (known.TryGetValue(stream.ToString(), out var before) && before.AsSpan().SequenceEqual(bytes))
                continue;
            var answer = await actors.CallAsync(CommandId.Of($"catalogue:{time}:{stream}"), stream, by, command);
            if (answer.Reason is not (Reason.Configured or Reason.DoneBefore))
                throw new InvalidOperationException($"{stream} was not configured: {answer.Reason}");
        }
    }

    private static IEnumerable<(StreamId Stream, ICommand Command, IEvent Becomes)> Commands(Catalogue c)
    {
        foreach (var identity in c.Identities.Values)
            yield return (StreamId.Identity(identity.Id), new ConfigureIdentity(identity), new IdentityConfigured(identity));
        foreach (var responder in c.Responders.Values)
            yield return (StreamId.Responder(responder.Id), new ConfigureResponder(responder), new ResponderConfigured(responder));
        foreach (var service in c.Services.Values)
            yield return (StreamId.Service(service.Id), new ConfigureService(service, c.Policies[service.Policy]), new ServiceConfigured(service, c.Policies[service.Policy]));
        foreach (var integration in c.Integrations.Values)
            yield return (StreamId.Integration(integration.Id), new ConfigureIntegration(integration), new IntegrationConfigured(integration));
        if (c.Email is { } email)
            yield return (StreamId.Email, new ConfigureEmail(email), new EmailConfigured(email));
        if (c.Route is { } root)
        {
            ImmutableArray<TimeIntervalDefinition>? intervals = c.TimeIntervals.IsEmpty ? null : [.. c.TimeIntervals.Values];
            yield return (StreamId.Routing, new ConfigureRouting(root) { TimeIntervals = intervals }, new RoutingConfigured(root) { TimeIntervals = intervals });
        }
    }

    private IEnumerable<(IEvent Happened, string By)> Entries()
    {
        ActorKind[] kinds = [ActorKind.Identity, ActorKind.Responder, ActorKind.Service, ActorKind.Integration, ActorKind.Channel, ActorKind.Routing];
        return kinds.SelectMany(history.Configured).Select(e => (e.Happened, e.Envelope.Actor));
    }

    private static Catalogue Add(Catalogue c, IEvent happened, bool isOver) => happened switch
    {
        IdentityConfigured e when isOver || !c.Identities.ContainsKey(e.Definition.Id) => c with { Identities = c.Identities.SetItem(e.Definition.Id, e.Definition) },
        ResponderConfigured e when isOver || !c.Responders.ContainsKey(e.Definition.Id) => c with { Responders = c.Responders.SetItem(e.Definition.Id, e.Definition) },
        ServiceConfigured e when isOver || !c.Services.ContainsKey(e.Definition.Id) => c with
        {
            Services = c.Services.SetItem(e.Definition.Id, e.Definition), Policies = c.Policies.ContainsKey(e.Policy.Id) ? c.Policies : c.Policies.SetItem(e.Policy.Id, e.Policy),
        },
        IntegrationConfigured e when isOver || !c.Integrations.ContainsKey(e.Definition.Id) => c with { Integrations = c.Integrations.SetItem(e.Definition.Id, e.Definition) },
        EmailConfigured e when isOver || c.Email is null => c with { Email = e.Definition },
        RoutingConfigured e when isOver || c.Route is null => c with
        {
            Route = e.Root, TimeIntervals = (e.TimeIntervals ?? []).ToImmutableSortedDictionary(i => i.Name, i => i, StringComparer.Ordinal),
        },
        _ => c,
    };

    private static string Key(IEvent happened) => happened switch
    {
        IdentityConfigured e => StreamId.Identity(e.Definition.Id).ToString(),
        ResponderConfigured e => StreamId.Responder(e.Definition.Id).ToString(),
        ServiceConfigured e => StreamId.Service(e.Definition.Id).ToString(),
        IntegrationConfigured e => StreamId.Integration(e.Definition.Id).ToString(),
        EmailConfigured => StreamId.Email.ToString(),
        RoutingConfigured => StreamId.Routing.ToString(),
        _ => throw new UnknownEventException(happened),
    };

    private static byte[] Bytes(IEvent happened) => Payloads.Write(happened).Bytes;
}
