using Incidents.Alerts;
using Incidents.Responders;
using Incidents.Server.Api.Description;
using Incidents.Services;

namespace Incidents.Server.Api.Answers;

/// <summary>Services.</summary>
internal sealed record ServiceList(IReadOnlyList<ServiceDefinition> Items, string? Next) : IShown<ServiceList>
{
    public static ServiceList Example { get; } = new([new ServiceDefinition("checkout", "Checkout", "shop", "shop", Severity.Error, ServiceDefinition.DefaultOpeningBudget)], null);
}

/// <summary>Responders.</summary>
internal sealed record ResponderList(IReadOnlyList<ResponderDefinition> Items, string? Next) : IShown<ResponderList>
{
    public static ResponderList Example { get; } = new([new ResponderDefinition("anna", "Anna", [new Contact("console", "anna", null)])], null);
}
