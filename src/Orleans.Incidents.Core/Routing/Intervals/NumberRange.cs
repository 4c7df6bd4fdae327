namespace Incidents.Routing.Intervals;

/// <summary>Whole numbers from one to another, both included: weekdays, days, months or years.</summary>
public sealed record NumberRange(int First, int Last)
{
    /// <summary>Whether a number is one of them.</summary>
    public bool Contains(int number) => number >= First && number <= Last;
}

/// <summary>A part of each day on the wall clock, in minutes since midnight: the start is in it, the end is not.</summary>
/// <param name="Start">0 to 1439.</param>
/// <param name="End">Later than the start, and 1440 at most, which is the end of the day.</param>
public sealed record MinuteRange(int Start, int End)
{
    /// <summary>Whether a minute of the day is in it.</summary>
    public bool Contains(int minute) => minute >= Start && minute < End;
}
