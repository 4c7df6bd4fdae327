using Incidents.Engine.Codec;
using NodaTime;

namespace Incidents.Engine;

/// <summary>The journal's clock: whole nanoseconds since 1970-01-01T00:00Z.</summary>
public static class Time
{
    /// <summary>An instant in the journal's form; clamped at the years 1677 and 2262.</summary>
    public static long Nanoseconds(Instant instant) => InstantConverter.Nanoseconds(instant);

    /// <summary>The journal's form as an instant.</summary>
    public static Instant Instant(long nanoseconds) => NodaConstants.UnixEpoch + Duration.FromNanoseconds(nanoseconds);

    /// <summary>What a clock says.</summary>
    public static Instant Now(TimeProvider clock) => NodaTime.Instant.FromDateTimeOffset(clock.GetUtcNow());
}
