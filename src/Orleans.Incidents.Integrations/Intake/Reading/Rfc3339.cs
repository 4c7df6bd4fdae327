using NodaTime;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>
/// Reads the timestamps that senders write: RFC 3339, and its common variants (offset without colon or with hours alone,
/// no offset for UTC, a blank for the T, seconds left out, a comma before the fraction). Digits below a nanosecond are
/// cut off. A leap second is the first instant after it.
/// </summary>
internal static class Rfc3339
{
    private const int MaxOffsetHours = 23;
    private const int NanosecondDigits = 9;

    // The last second of the year 9999 in UTC.
    private const long MaxSeconds = 253_402_300_799;

    /// <summary>Go's zero time, which its senders write for "not set": 0001-01-01T00:00:00Z, in any offset.</summary>
    public static Instant Zero { get; } = Instant.FromUtc(1, 1, 1, 0, 0);

    /// <summary>Reads a timestamp; <see langword="null"/> when the text is none. Years are 0001 to 9999, also in UTC.</summary>
    public static Instant? Read(string? text) =>
        text is { Length: <= 64 } && System.Text.Ascii.IsValid(text) ? Read(System.Text.Encoding.ASCII.GetBytes(text)) : null;

    /// <inheritdoc cref="Read(string?)"/>
    public static Instant? Read(ReadOnlySpan<byte> text)
    {
        var cursor = new Cursor(text);
        if (!cursor.Number(4, out var year) || !cursor.Skip("-"u8) || !cursor.Number(2, out var month) || !cursor.Skip("-"u8)
            || !cursor.Number(2, out var day) || !cursor.Skip("Tt "u8) || !cursor.Number(2, out var hour) || !cursor.Skip(":"u8)
            || !cursor.Number(2, out var minute) || !TrySeconds(ref cursor, out var second, out var nanoseconds)
            || !TryOffset(ref cursor, out var offsetMinutes) || !cursor.AtEnd)
        {
            return null;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return null;
        var ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        var seconds = (ticks / TimeSpan.TicksPerSecond) + second - (offsetMinutes * 60L);

        // An offset, or a leap second, may lead out of the years that an instant has.
        return seconds < Zero.ToUnixTimeSeconds() || seconds > MaxSeconds ? null : Instant.FromUnixTimeSeconds(seconds).PlusNanoseconds(nanoseconds);
    }

    private static bool TrySeconds(ref Cursor cursor, out int second, out long nanoseconds)
    {
        nanoseconds = 0;
        second = 0;
        if (!cursor.Skip(":"u8))
            return true;
        return cursor.Number(2, out second) && (!cursor.Skip(".,"u8) || cursor.Fraction(NanosecondDigits, out nanoseconds));
    }

    private static bool TryOffset(ref Cursor cursor, out int minutes)
    {
        minutes = 0;
        if (cursor.AtEnd || cursor.Skip("Zz"u8))
            return true;
        var negative = cursor.Skip("-"u8);
        if ((!negative && !cursor.Skip("+"u8)) || !cursor.Number(2, out var hours))
            return false;
        var minute = 0;
        var colon = cursor.Skip(":"u8);
        if ((colon || !cursor.AtEnd) && !cursor.Number(2, out minute))
            return false;
        minutes = ((hours * 60) + minute) * (negative ? -1 : 1);
        return hours <= MaxOffsetHours && minute <= 59;
    }

    private ref struct Cursor(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public readonly bool AtEnd => _rest.IsEmpty;

        public bool Skip(ReadOnlySpan<byte> anyOf)
        {
            if (_rest.IsEmpty || !anyOf.Contains(_rest[0]))
                return false;
            _rest = _rest[1..];
            return true;
        }

        public bool Number(int digits, out int value)
        {
            value = 0;
            if (_rest.Length < digits)
                return false;
            for (var i = 0; i < digits; i++)
            {
                var digit = _rest[i] - '0';
                if (digit is < 0 or > 9)
                    return false;
                value = (value * 10) + digit;
            }

            _rest = _rest[digits..];
            return true;
        }

        public bool Fraction(int kept, out long value)
        {
            value = 0;
            var length = 0;
            while (length < _rest.Length && _rest[length] is >= (byte)'0' and <= (byte)'9')
                length++;
            for (var i = 0; i < kept; i++)
                value = (value * 10) + (i < length ? _rest[i] - '0' : 0);
            _rest = _rest[length..];
            return length > 0;
        }
    }
}
