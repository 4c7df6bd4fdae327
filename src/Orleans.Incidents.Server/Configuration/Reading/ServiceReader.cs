using Incidents.Alerts;
using Incidents.Server.Configuration.Yaml;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads one of <c>services</c>.</summary>
internal static class ServiceReader
{
    private static readonly Duration LongestLease = Duration.FromDays(365);

    public static ServiceDefinition Read(string id, Value value, Names policies)
    {
        var fields = value.Fields(Shapes.Service);
        return new ServiceDefinition(
            id,
            fields["title"]?.Text() ?? id,
            fields["owner"]?.Text(mayBeEmpty: true) ?? "",
            policies.Resolve(fields["policy"]),
            fields["page_from"]?.Severity() ?? Severity.Error,
            fields["opening_budget"]?.Budget() ?? ServiceDefinition.DefaultOpeningBudget,
            Lease(fields["acknowledgement_lease"]),
            Reserve(fields["critical_reserve"]));
    }

    private static Budget? Reserve(Value? value)
    {
        var reserve = value?.BudgetOrNone();
        return reserve == ServiceDefinition.DefaultCriticalReserve ? null : reserve;
    }

    // The default is not written down, so that a service that says nothing follows it.
    private static Duration? Lease(Value? value)
    {
        var lease = value?.Duration();
        if (lease > LongestLease)
            value!.Error("must not be longer than 1y; 0s means for ever");
        return lease == ServiceDefinition.DefaultAcknowledgementLease ? null : lease;
    }
}
