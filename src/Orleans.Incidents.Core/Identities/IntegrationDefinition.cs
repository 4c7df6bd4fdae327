using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Heartbeats;
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
    string Id, string Format, string Identity, LabelSet DefaultLabels, Duration ResolveTimeout, string CredentialHash)
{
    /// <summary>What this sender's own words for a severity mean, where it differs from <see cref="SeverityWords"/>; case-insensitive. Default: nothing.</summary>
    public ImmutableSortedDictionary<string, Severity> SeverityMap { get; init; } = NoSeverities;

    /// <summary>How often it is heard, where it sends heartbeats; <see langword="null"/>: it sends alerts.</summary>
    public HeartbeatRule? Heartbeat { get; init; }

    /// <summary>A map with no words in it, which compares words without regard to case.</summary>
    public static ImmutableSortedDictionary<string, Severity> NoSeverities { get; } =
        ImmutableSortedDictionary.Create<string, Severity>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The severity of a signal from this source: what <see cref="SeverityMap"/> says of the sender's word, else what the
    /// translator understood, else <see langword="null"/>.
    /// </summary>
    /// <param name="rawWord">The sender's own word, or <see langword="null"/>.</param>
    /// <param name="translated">What the translator made of it, or <see langword="null"/>.</param>
    public Severity? SeverityOf(string? rawWord, Severity? translated) =>
        rawWord is not null && SeverityMap.TryGetValue(rawWord, out var mapped) ? mapped : translated;
}
