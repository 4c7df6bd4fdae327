using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;
using NodaTime;

namespace Incidents.Integrations.Intake.CloudEvents;

/// <summary>The context of one event: what CloudEvents 1.0 says about it outside its data.</summary>
/// <param name="Id">Unique within the source. Not blank.</param>
/// <param name="Source">Where it happened. Not blank.</param>
/// <param name="Type">What kind of event it is. Not blank.</param>
/// <param name="Subject">What in the source it is about.</param>
/// <param name="Time">When it happened.</param>
/// <param name="DataType">The data's media type in lower case; empty when it is not declared.</param>
/// <param name="Extensions">All other attributes, by name.</param>
internal sealed record CloudEvent(
    string Id, string Source, string Type, string? Subject, Instant? Time, string DataType, ImmutableArray<KeyValuePair<string, string>> Extensions)
{
    private const string Version = "1.0";

    /// <summary>Where the offset begins when it has a sign: <c>+01:00</c>.</summary>
    private const int OffsetLength = 6;

    /// <summary>Takes the attributes; <see langword="null"/>, and the reader's trouble, when they are not an event's.</summary>
    public static CloudEvent? Read(AttributeReader attributes)
    {
        var version = attributes.TakeRequired("specversion");
        if (version != Version)
            attributes.Report("specversion", Reason.InvalidValue, $"must be {Version}: other versions are not read");
        var e = new CloudEvent(
            attributes.TakeRequired("id"), attributes.TakeRequired("source"), attributes.TakeRequired("type"),
            attributes.Take("subject"), Moment(attributes), MediaType.Of(attributes.Take("datacontenttype")), []);
        return attributes.Trouble is null ? e with { Extensions = [.. attributes.Left] } : null;
    }

    private static Instant? Moment(AttributeReader attributes)
    {
        if (attributes.Take("time") is not { } text)
            return null;
        var time = Rfc3339.Read(text);
        if (time is null || !IsComplete(text))
            attributes.Report("time", Reason.InvalidValue, "must be an RFC 3339 time such as 2026-01-31T12:00:00Z");
        return time == Rfc3339.Zero ? null : time;
    }

    // Elsewhere variants of RFC 3339 pass; here the specification asks for seconds, a point and an offset.
    private static bool IsComplete(string time) =>
        time.Length > "2026-01-31T12:00".Length && time["2026-01-31T12:00".Length] == ':' && !time.Contains(',', StringComparison.Ordinal)
        && (time[^1] is 'Z' or 'z' || (time[^OffsetLength] is '+' or '-' && time[^3] == ':'));
}
