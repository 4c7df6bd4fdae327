namespace Incidents.Audit;

/// <summary>
/// Why something was decided as it was: one member an outcome, stored with the event, shown to people, used as a metric's
/// label. Names are stable; new ones are added at the end of their part. The rule index in docs/reasons.md has a row for each.
/// </summary>
public enum Reason
{
    /// <summary>The request body is not well-formed in its format (for instance not JSON).</summary>
    Malformed,

    /// <summary>The body is well-formed but nests deeper than allowed.</summary>
    TooDeep,

    /// <summary>The body or a part of it is larger than allowed.</summary>
    TooLarge,

    /// <summary>A field has the wrong type or the wrong shape.</summary>
    WrongType,

    /// <summary>A required field is absent or empty.</summary>
    MissingField,

    /// <summary>A field has a value that its format does not allow.</summary>
    InvalidValue,

    /// <summary>The body is well-formed but breaks the schema its format publishes: the original answers 422 and stores nothing of it.</summary>
    SchemaViolation,

    /// <summary>An alert carries no label with a value, so nothing tells it apart. The others of its request are not affected.</summary>
    EmptyLabels,

    /// <summary>A request carries more alerts than allowed: those beyond the limit are not accepted, those before it are.</summary>
    TooManyAlerts,
}
