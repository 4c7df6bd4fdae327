using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using NodaTime;

namespace Incidents.Integrations.Intake;

/// <summary>
/// Reads one wire format. A pure function from bytes and headers to alerts or named refusals: no clock, no I/O, and no
/// exception whatever the bytes are.
/// </summary>
public interface ITranslator
{
    /// <summary>The format's name, as configuration and corpus use it.</summary>
    string Format { get; }

    /// <summary>What the request says. The body may be reused by the caller after the call.</summary>
    Translation Translate(ReadOnlyMemory<byte> body, in IntakeContext context);
}

/// <summary>All that a translation may look at besides the body.</summary>
/// <param name="Header">The value of a request header by its case-insensitive name; <see langword="null"/> when absent.</param>
/// <param name="HeaderNames">The names of all request headers, in any case, each once.</param>
/// <param name="ReceivedAt">When the request arrived.</param>
/// <param name="ResolveTimeout">For formats whose alerts end by silence.</param>
/// <param name="RequestId">
/// Unique to the request and the same when it is run again: the key of an alert whose sender gave none derives from it.
/// Empty: such a key derives from the body and <paramref name="ReceivedAt"/>.
/// </param>
public readonly record struct IntakeContext(
    Func<string, string?> Header, Func<IEnumerable<string>> HeaderNames, Instant ReceivedAt, Duration ResolveTimeout, string RequestId = "");

/// <summary>One alert, or the whole request, that was not accepted.</summary>
/// <param name="Index">The alert's place in the request, from 0; -1: the request as a whole, and nothing of it was accepted.</param>
/// <param name="Reason">The named reason.</param>
/// <param name="Detail">For a person: which field, what was expected. Never contains a secret or a stack trace.</param>
public sealed record Refusal(int Index, Reason Reason, string Detail);

/// <summary>What a translator understood.</summary>
/// <param name="Alerts">In the order of the request, refused ones left out.</param>
/// <param name="Refused">Empty when all was well.</param>
/// <param name="Note">Set when the request is understood and opens nothing by design (a ping, a test button): says what it is.</param>
/// <param name="RequestKey">
/// What the sender's own protocol knows these alerts by, the same when they are delivered once more; <see langword="null"/>
/// when it has no such thing.
/// </param>
public sealed record Translation(ImmutableArray<Alert> Alerts, ImmutableArray<Refusal> Refused, string? Note = null, string? RequestKey = null)
{
    /// <summary>A request of which nothing can be accepted.</summary>
    public static Translation Nothing(Reason reason, string detail) => new([], [new Refusal(-1, reason, detail)]);
}
