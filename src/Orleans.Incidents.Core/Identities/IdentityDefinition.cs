using Incidents.Throttling;
using NodaTime;

namespace Incidents.Identities;

/// <summary>What kind of actor an identity is.</summary>
public enum IdentityKind
{
    /// <summary>A person.</summary>
    Human,

    /// <summary>A service account.</summary>
    Service,

    /// <summary>An AI agent.</summary>
    Agent,
}

/// <summary>Who or what acts.</summary>
/// <param name="Id">Lower-case name, unique among identities.</param>
/// <param name="Kind">Human, service account or AI agent.</param>
/// <param name="Sponsor">The human who answers for it; required for every non-human identity, <see langword="null"/> for humans.</param>
/// <param name="ExpiresAt">When its authority ends, exclusive.</param>
/// <param name="RequestBudget">How many requests it may make; <see langword="null"/>: not limited.</param>
/// <param name="CredentialHash">SHA-256 of its token in lower-case hexadecimal; <see langword="null"/>: it cannot sign in by token.</param>
/// <param name="MayOperate">Whether it may read and act on incidents through the API; intake identities may not.</param>
public sealed record IdentityDefinition(
    string Id, IdentityKind Kind, string? Sponsor, Instant ExpiresAt, Budget? RequestBudget, string? CredentialHash, bool MayOperate);
