using System.Collections.Immutable;

namespace Incidents.Responders;

/// <summary>A person who can be paged.</summary>
/// <param name="Id">Lower-case name, unique among responders.</param>
/// <param name="Name">For people.</param>
/// <param name="Contacts">Every one is used for each page; may be empty, and then the person cannot be reached.</param>
public sealed record ResponderDefinition(string Id, string Name, ImmutableArray<Contact> Contacts);

/// <summary>One way to reach a responder.</summary>
/// <param name="Channel">The delivery channel: <c>webhook</c>, <c>email</c> or <c>console</c>.</param>
/// <param name="Address">What the channel needs: a URL for <c>webhook</c>, <c>name@example.com</c> for <c>email</c>, empty for <c>console</c>.</param>
/// <param name="SecretRef">Where the channel's secret is read when it delivers (<c>env:NAME</c>, or <c>file:PATH</c> with an absolute path); never the secret itself. <see langword="null"/>: none.</param>
public sealed record Contact(string Channel, string Address, string? SecretRef);
