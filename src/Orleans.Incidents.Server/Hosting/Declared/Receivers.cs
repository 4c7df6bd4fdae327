using Incidents.Alerts;
using Incidents.Routing;
using Incidents.Services;

namespace Incidents.Server.Hosting;

/// <summary>A route may name a policy where it would name a service: the policy then has a service of its own name.</summary>
internal static class Receivers
{
    public static Catalogue Complete(Catalogue catalogue)
    {
        if (catalogue.Route is null)
            return catalogue;
        var services = catalogue.Services;
        foreach (var receiver in Named(catalogue.Route).Where(r => !services.ContainsKey(r)).Distinct(StringComparer.Ordinal))
            services = services.SetItem(receiver, new ServiceDefinition(receiver, receiver, "", receiver, Severity.Error, ServiceDefinition.DefaultOpeningBudget));
        return catalogue with { Services = services };
    }

    private static IEnumerable<string> Named(RouteNode node) =>
        node.Routes.SelectMany(Named).Concat(string.IsNullOrEmpty(node.Receiver) ? [] : [node.Receiver]);
}
