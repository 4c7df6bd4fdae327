using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Responders;
using Incidents.Server.Hosting;
using Incidents.Services;

namespace Incidents.Server.Preview;

/// <summary>What a rehearsal starts from.</summary>
internal interface IStates
{
    /// <summary>One actor as it is.</summary>
    Task<ReadAnswer> ReadAsync(StreamId of);
}

/// <summary>The states of a running engine, each as flushed: a look waits its turn and changes nothing.</summary>
internal sealed class LiveStates(Runtime runtime) : IStates
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    public Task<ReadAnswer> ReadAsync(StreamId of) => runtime.Actors.ReadAsync(of).WaitAsync(MaxWait, runtime.Clock);
}

/// <summary>A server that has a catalogue and to which nothing has happened yet.</summary>
internal sealed class EmptyStates(Catalogue catalogue) : IStates
{
    public Task<ReadAnswer> ReadAsync(StreamId of)
    {
        var initial = ActorKinds.Initial(of.Kind);
        return Task.FromResult(new ReadAnswer(Configured(of) is { } configured ? ActorKinds.Evolve(of.Kind, initial, configured) : initial, 0, 0, 0));
    }

    private IEvent? Configured(StreamId of) => of.Kind switch
    {
        ActorKind.Service when catalogue.Services.TryGetValue(of.Key, out var service) => new ServiceConfigured(service, catalogue.Policies[service.Policy]),
        ActorKind.Responder when catalogue.Responders.TryGetValue(of.Key, out var responder) => new ResponderConfigured(responder),
        _ => null,
    };
}
