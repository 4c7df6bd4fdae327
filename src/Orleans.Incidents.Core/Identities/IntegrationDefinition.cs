using Incidents.Alerts;
using NodaTime;

namespace Incidents.Identities;

/// <summary>A configured alert source.</summary>
/// <param name="Id">Lower-case name, unique among integrations; part of its address.</param>
/// <param name="Format">Which translator reads its requests, by the format's name.</param>
/// <param name="Identity">The identity that everything it sends is done under.</param>
/// <param name="DefaultLabels">Laid under the labels of every alert.</param>
/// <param name="ResolveTimeout">When an alert that is not sent again counts as ended, where the format works so. Default five minutes, as in Alertmanager.</param>
/// <param name="CredentialHash">SHA-256 of its token in lower-case hexadecimal.</param>
public sealed record IntegrationDefinition(
    string Id, string Format, string Identity, LabelSet DefaultLabels, Duration ResolveTimeout, string CredentialHash);
