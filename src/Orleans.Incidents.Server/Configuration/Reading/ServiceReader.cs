using Incidents.Alerts;
using Incidents.Server.Configuration.Yaml;
using Incidents.Services;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads one of <c>services</c>.</summary>
internal static class ServiceReader
{
    public static ServiceDefinition Read(string id, Value value, Names policies)
    {
        var fields = value.Fields(Shapes.Service);
        return new ServiceDefinition(
            id,
            fields["title"]?.Text() ?? id,
            fields["owner"]?.Text(mayBeEmpty: true) ?? "",
            policies.Resolve(fields["policy"]),
            fields["page_from"]?.Severity() ?? Severity.Error,
            fields["opening_budget"]?.Budget() ?? ServiceDefinition.DefaultOpeningBudget);
    }
}
