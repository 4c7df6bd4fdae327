using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>What would become of one alert by one route, or of one that is refused.</summary>
internal sealed record WouldDo
{
    /// <summary>The alert's place among those understood; absent when it was refused before.</summary>
    public int? Alert { get; init; }

    /// <summary>The place in the request of what was refused; -1: all of it; absent when nothing was.</summary>
    public int? Refused { get; init; }

    /// <summary>The id of the route that leads there.</summary>
    public string? Route { get; init; }

    /// <summary>The alert group.</summary>
    public string? Group { get; init; }

    /// <summary>The service.</summary>
    public string? Service { get; init; }

    /// <summary>The incident that it would touch; absent where there is none yet.</summary>
    public string? Incident { get; init; }

    /// <summary>Whether an incident would be opened for it, now or when its group has waited.</summary>
    public bool Opens { get; init; }

    /// <summary>The reason of the decision that matters most.</summary>
    public required string Reason { get; init; }

    /// <summary>All of it in a line.</summary>
    public required string Text { get; init; }

    /// <summary>Who would be paged, when and how, if nobody acknowledged.</summary>
    public IReadOnlyList<PlannedPage> Pages { get; init; } = [];

    /// <summary>Every decision that would be made at once, in order.</summary>
    public IReadOnlyList<PlannedDecision> Decisions { get; init; } = [];
}

/// <summary>One responder who would be paged.</summary>
/// <param name="Responder">Who.</param>
/// <param name="Channels">How: one page each; none when nothing reaches them.</param>
/// <param name="After">How long after the incident opens, or after now.</param>
/// <param name="Step">The policy's step, from 0.</param>
/// <param name="Unreached">Why nothing reaches them.</param>
internal sealed record PlannedPage(string Responder, IReadOnlyList<string> Channels, Duration After, int Step, string? Unreached);

/// <summary>One decision: whose, why, and the events it would journal.</summary>
internal sealed record PlannedDecision(string Actor, string Reason, IReadOnlyList<string> Events);

/// <summary>A part of the line, and the decision's reason that it tells.</summary>
internal sealed record Clause(Audit.Reason Reason, string Text);
