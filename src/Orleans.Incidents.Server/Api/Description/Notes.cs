using System.Text.Json.Nodes;
using Incidents.Audit;

namespace Incidents.Server.Api.Description;

/// <summary>Who may call an address.</summary>
internal enum Access
{
    /// <summary>Anyone who can connect.</summary>
    Anyone,

    /// <summary>An integration's credential, or a person who may operate.</summary>
    Sender,

    /// <summary>An identity that may operate.</summary>
    Operator,

    /// <summary>Whoever's secret is in the body.</summary>
    Body,
}

/// <summary>What a route says of itself; <see cref="Describing"/> makes it.</summary>
/// <param name="Refusals">Why it may refuse, besides for want of a credential. Their statuses are those of <see cref="Problems"/>.</param>
internal sealed record OperationNote(string Summary, Access Access, IReadOnlyList<Reason> Refusals);

/// <summary>One answer of a route.</summary>
/// <param name="Type">Of the body; <see langword="null"/>: there is none.</param>
internal sealed record AnswerNote(int Status, Type? Type, string MediaType, JsonNode? Example);

/// <summary>The body that a route takes.</summary>
internal sealed record BodyNote(Type Type, bool IsRequired, JsonNode Example);

/// <summary>A header that a route reads.</summary>
internal sealed record HeaderNote(string Name, string Meaning);
