using Incidents.Alerts;

namespace Incidents.Server.Preview;

/// <summary>What one route says to one alert.</summary>
internal sealed record RouteEntry
{
    /// <summary>The alert's place among those understood; absent where there is but a label set.</summary>
    public int? Alert { get; init; }

    /// <summary>The route's id, unique in its tree.</summary>
    public required string Route { get; init; }

    /// <summary>What people call it: its own matchers.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the alert goes here.</summary>
    public required bool Matches { get; init; }

    /// <summary><c>taken</c>, <c>refused</c> or <c>notTried</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The service, policy or receiver.</summary>
    public required string Receiver { get; init; }

    /// <summary>Whether the routes behind it are tried as well.</summary>
    public required bool Continue { get; init; }

    /// <summary>The way from the root, this route included; only of one that is taken.</summary>
    public IReadOnlyList<PathStep>? Path { get; init; }

    /// <summary>The first matcher that failed; only of one that is refused.</summary>
    public MatcherVerdict? Failed { get; init; }

    /// <summary>The labels that make the group.</summary>
    public LabelSet? Group { get; init; }

    /// <summary>By which labels it groups; <c>...</c>: by all.</summary>
    public Setting? GroupBy { get; init; }

    /// <summary>Timings by the names that configuration gives them.</summary>
    public IReadOnlyList<Setting>? Timings { get; init; }

    /// <summary>Until when the route is mute, and by which intervals; absent where it is not now.</summary>
    public string? Muted { get; init; }

    /// <summary>All of it in a line.</summary>
    public required string Text { get; init; }
}

/// <summary>One route on the way, with all of its matchers.</summary>
internal sealed record PathStep(string Route, string Name, IReadOnlyList<MatcherVerdict> Matchers);

/// <summary>A setting, what it is and who wrote it.</summary>
internal sealed record Setting(string Name, string Value, string From);
