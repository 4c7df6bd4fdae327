using System.Collections.Immutable;
using Incidents.Routing;
using Incidents.Routing.Intervals;
using Incidents.Server.Configuration.Yaml;
using Incidents.Services;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads the whole file. What it returns is only meaningful when no error was reported.</summary>
internal sealed class CatalogueReader(LoadContext context, SecretReader secrets, ErrorList warnings)
{
    public Catalogue Read(Value file)
    {
        var root = file.Fields(Shapes.Root);
        var responders = Section(root["responders"]);
        var policies = Section(root["policies"]);
        var services = Section(root["services"]);
        var responderNames = new Names("responder", "responders", Ids(responders));
        var policyNames = new Names("policy", "policies", Ids(policies));
        var serviceNames = new Names("service", "services", Ids(services));
        var identities = new IdentityReader(secrets, Section(root["identities"]));
        var integrations = Section(root["integrations"]);
        var intervals = IntervalReader.ReadAll(root["time_intervals"], root["mute_time_intervals"]);
        var email = root["email"] is { IsNull: false } declared ? declared : null;
        if (integrations.Length > 0 && root["route"] is null)
            root["integrations"]!.Errors.Add(root["integrations"]!.KeyAt, "route", "is required where there are integrations: their alerts have nowhere to go");
        return new Catalogue
        {
            Responders = ById(responders, r => ResponderReader.Read(r.Name, r.Value, secrets, hasEmail: email is not null)),
            Policies = ById(policies, p => PolicyReader.Read(p.Name, p.Value, responderNames)),
            Services = ById(services, s => ServiceReader.Read(s.Name, s.Value, policyNames)),
            Integrations = ById(integrations, i => new IntegrationReader(context, secrets, identities).Read(i.Name, i.Value)),
            Identities = identities.All(),
            Watchdog = root["watchdog"] is { IsNull: false } watchdog ? WatchdogReader.Read(watchdog, serviceNames, secrets) : null,
            Email = email is null ? null : EmailReader.Read(email, secrets),
            Route = root["route"] is { } route ? ReadRoute(route, serviceNames, policyNames, intervals) : null,
            TimeIntervals = intervals,
        };
    }

    private RouteNode ReadRoute(Value route, Names services, Names policies, ImmutableSortedDictionary<string, TimeIntervalDefinition> intervals)
    {
        var intervalNames = new Names("time interval", "time intervals", [.. intervals.Keys]);
        var reader = new RouteReader(Shapes.Route, r => CheckReceiver(r, services, policies), i => intervalNames.Resolve(i));
        var node = reader.Read(route, context.CompileRoute);
        RouteReader.Warn(route, context.WarnOfRoute(node), warnings);
        return node;
    }

    private static void CheckReceiver(Value receiver, Names services, Names policies)
    {
        if (receiver.Text() is not { } id)
            return;
        var (isService, isPolicy) = (services.Contains(id), policies.Contains(id));
        if (isService && isPolicy)
            receiver.Error($"{ErrorList.Quote(id)} is a service and a policy; rename one of them");
        else if (!isService && !isPolicy)
            receiver.Error($"no service or policy is called {ErrorList.Quote(id)} ({services.List()}; {policies.List()})");
    }

    private static ImmutableArray<(string Name, Value Value)> Section(Value? section)
    {
        if (section is null)
            return [];
        var entries = section.Entries();
        foreach (var (name, value) in entries.Where(e => !Texts.IsId(e.Name)))
            value.Errors.Add(value.KeyAt, section.Path, $"{ErrorList.Quote(name)} is not a name: use a-z, 0-9, - and _, at most 64, first and last a letter or digit");
        return entries;
    }

    private static ImmutableArray<string> Ids(ImmutableArray<(string Name, Value Value)> entries) => [.. entries.Select(e => e.Name)];

    private static ImmutableSortedDictionary<string, T> ById<T>(
        ImmutableArray<(string Name, Value Value)> entries, Func<(string Name, Value Value), T> read) =>
        entries.ToImmutableSortedDictionary(e => e.Name, read, StringComparer.Ordinal);
}
