using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Escalation;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Responders;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Simulation.Outside;

/// <summary>One group of alerts that senders know of.</summary>
internal sealed record Source(StreamId Group, GroupTarget Target, Duration? ExpiresAfter, AlertIdentity Identity, ImmutableArray<string> Keys);

/// <summary>The world of one seed: services with policies, people, sources.</summary>
internal sealed class Plan
{
    public Plan(Random random)
    {
        for (ulong i = 0; i < 11; i++)
        {
            var service = ServiceNames[(int)i % ServiceNames.Length];
            var labels = LabelSet.Of("service", service, "group", i.ToString());
            var byKey = i % 4 == 3;
            var wait = random.Next(4) == 0 ? Duration.FromSeconds(30) : Duration.Zero;
            var window = random.Next(3) == 0 ? Duration.Zero : Duration.FromMinutes(random.Next(1, 30));
            var expires = random.Next(2) == 0 ? Duration.FromMinutes(random.Next(1, 10)) : (Duration?)null;
            var flap = random.Next(2) == 0 ? FlapRule.Off : new FlapRule(random.Next(2, 5), Duration.FromMinutes(random.Next(1, 20)));
            var threshold = random.Next(3) == 0 ? new OpeningThreshold(random.Next(2, 5), Duration.FromMinutes(random.Next(1, 20)), (Severity)random.Next(2)) : null;
            Sources.Add(new Source(
                byKey ? StreamId.GroupByKey("pager", i) : StreamId.GroupByLabels(service, i), new GroupTarget(service, labels, wait, window) { Flap = flap, Threshold = threshold }, expires,
                byKey ? AlertIdentity.Key : AlertIdentity.Labels, byKey ? [$"k{i}"] : [.. Enumerable.Range(0, random.Next(1, 5)).Select(k => $"k{i}.{k}")]));
        }
    }

    /// <summary><c>small</c> is soon past its opening budget, <c>deaf</c> is not in the catalogue.</summary>
    public static string[] ServiceNames { get; } = ["large", "small", "quiet", "deaf", "small"];

    public List<Source> Sources { get; } = [];

    public static Caller[] Senders { get; } =
        [new("prometheus", IdentityKind.Service), new("datadog", IdentityKind.Service), new("agent-7", IdentityKind.Agent)];

    public static Caller[] People { get; } = [new("ann", IdentityKind.Human), new("bob", IdentityKind.Human), new("agent-7", IdentityKind.Agent)];

    /// <summary>The commands that configure it.</summary>
    public static IEnumerable<(StreamId To, ICommand Command)> Configuration()
    {
        yield return Service("large", Severity.Error, ServiceDefinition.DefaultOpeningBudget,
            new PolicyDefinition("p1", [new(["ann", "bob"], Duration.FromMinutes(5)), new(["carol"], Duration.FromMinutes(10))], 1));
        yield return Service("small", Severity.Warning, new Budget(1, Duration.FromHours(1), 1),
            new PolicyDefinition("p2", [new(["bob", "bob"], Duration.FromMinutes(3))], 2));
        yield return Service("quiet", Severity.Critical, ServiceDefinition.DefaultOpeningBudget,
            new PolicyDefinition("p3", [new(["nobody", "mute"], Duration.FromMinutes(1)), new([], Duration.FromMinutes(1)), new(["mute", "ann"], Duration.FromMinutes(4))], 0));
        yield return Responder("ann", [new Contact("webhook", "https://ann.example", null), new Contact("console", "", null)]);
        yield return Responder("bob", [new Contact("webhook", "https://bob.example", null)]);
        yield return Responder("carol", [new Contact("console", "", null)]);
        yield return Responder("mute", []);
    }

    private static (StreamId To, ICommand Command) Service(string id, Severity pageFrom, Budget budget, PolicyDefinition policy) =>
        (StreamId.Service(id), new ConfigureService(new ServiceDefinition(id, id, "", policy.Id, pageFrom, budget, id == "quiet" ? Duration.Zero : Duration.FromMinutes(15)), policy));

    private static (StreamId To, ICommand Command) Responder(string id, ImmutableArray<Contact> contacts) =>
        (StreamId.Responder(id), new ConfigureResponder(new ResponderDefinition(id, id, contacts)));
}
