using System.Collections.Immutable;
using NodaTime;

namespace Incidents.Routing.Intervals;

/// <summary>A route that is mute.</summary>
/// <param name="By">In words: <c>interval nights</c>, of several <c>intervals nights, weekends</c>; or <c>being outside of</c> those that it is only active in.</param>
/// <param name="Until">The first instant at which it is no longer mute, whichever intervals adjoin; <see langword="null"/>: not within <see cref="MuteSchedule.Horizon"/>.</param>
public sealed record Mute(string By, Instant? Until);

/// <summary>When a route is mute: inside of any interval of the one kind, or outside of all of the other kind, if there are any.</summary>
/// <param name="Muted">The route's <c>mute_time_intervals</c>.</param>
/// <param name="Active">The route's <c>active_time_intervals</c>.</param>
public sealed record MuteSchedule(ImmutableArray<TimeIntervalDefinition> Muted, ImmutableArray<TimeIntervalDefinition> Active)
{
    /// <summary>How far a change is looked for: five years. What is further away is never.</summary>
    public static readonly Duration Horizon = Duration.FromDays(5 * 366);

    /// <summary>Whether the route is mute at an instant.</summary>
    public bool IsMuted(Instant at) => Muted.Any(i => i.Contains(at)) || IsOutside(at);

    /// <summary>How the route is mute at an instant; <see langword="null"/>: it is not.</summary>
    public Mute? At(Instant at)
    {
        if (!IsMuted(at))
            return null;
        var inside = Muted.Where(i => i.Contains(at)).ToList();
        return new Mute(inside.Count > 0 ? Names(inside) : $"being outside of {Names(Active)}", NextChange(at));
    }

    /// <summary>The first instant behind another at which the route becomes mute or ceases to be; <see langword="null"/>: none within <see cref="Horizon"/>.</summary>
    public Instant? NextChange(Instant from)
    {
        var isMuted = IsMuted(from);
        for (var at = NextBoundary(from); at is { } next && next - from <= Horizon; at = NextBoundary(next))
        {
            if (IsMuted(next) != isMuted)
                return next;
        }

        return null;
    }

    private bool IsOutside(Instant at) => !Active.IsEmpty && !Active.Any(i => i.Contains(at));

    private Instant? NextBoundary(Instant at) => Muted.Concat(Active).Min(i => i.NextBoundary(at));

    private static string Names(IReadOnlyCollection<TimeIntervalDefinition> intervals) => $"interval{(intervals.Count == 1 ? "" : "s")} {string.Join(", ", intervals.Select(i => i.Name))}";
}
