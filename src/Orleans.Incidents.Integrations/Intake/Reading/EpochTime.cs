using System.Globalization;
using NodaTime;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>
/// Reads a Unix timestamp from its digits, never through a double: nanoseconds exceed 2^53. The unit follows from the
/// size, which is unambiguous from 1973 to 5138: below 10^11 seconds, below 10^14 milliseconds, below 10^17
/// microseconds, above nanoseconds.
/// </summary>
internal static class EpochTime
{
    /// <summary>The instant; <see langword="null"/> for what is no positive decimal number or is past the year 9999.</summary>
    public static Instant? Read(string? text)
    {
        if (text is null || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number))
            return null;
        return number switch
        {
            <= 0 => null,
            < 1e11m => At(number, 1_000_000_000),
            < 1e14m => At(number, 1_000_000),
            < 1e17m => At(number, 1_000),
            < 1e20m => At(number, 1),
            _ => null,
        };
    }

    private static Instant At(decimal number, long nanoseconds) =>
        NodaConstants.UnixEpoch + Duration.FromNanoseconds((Int128)decimal.Truncate(number * nanoseconds));
}
