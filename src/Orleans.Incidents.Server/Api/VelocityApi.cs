using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Api;

/// <summary>How fast identities open incidents, service by service: what they have left, and what went into a storm.</summary>
internal static class VelocityApi
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/v1/velocity", AllAsync).WithTags("catalogue")
        .Describe<VelocityList>("By service: the storm under way, and by identity what is left of its budgets and what of it went into the storm", Access.Operator, Audit.Reason.Overloaded);

    private static async Task<IResult> AllAsync(HttpContext http, Runtime runtime, Credentials credentials, Func<Registry> registry)
    {
        credentials.Operator(http);
        var services = registry().Catalogue.Services.Keys.ToList();
        var read = await IncidentsApi.InTimeAsync(runtime, Task.WhenAll(services.Select(s => runtime.Actors.ReadAsync(StreamId.Service(s)))));
        var now = Time.Now(runtime.Clock);
        return TypedResults.Json(new VelocityList([.. services.Zip(read, (s, r) => Of(s, (ServiceState)r.State, now))], null), Json.Options);
    }

    private static ServiceVelocity Of(string service, ServiceState state, Instant now)
    {
        var identities = state.Spent.Keys.Union(state.Reserved.Keys).Union(state.Storm?.By.Keys ?? []).Order(StringComparer.Ordinal);
        return new ServiceVelocity(
            service, state.OpeningBudget, state.CriticalReserve,
            state.Storm is { } storm ? new StormNow(storm.Incident, storm.StartedAt, storm.Problems) : null,
            [.. identities.Select(i => new IdentityVelocity(
                i, Gcra.Available(state.OpeningBudget, state.Spent.GetValueOrDefault(i, GcraState.Full), now),
                state.CriticalReserve is { } reserve ? Gcra.Available(reserve, state.Reserved.GetValueOrDefault(i, GcraState.Full), now) : 0,
                state.Storm?.By.GetValueOrDefault(i) ?? 0))]);
    }
}
