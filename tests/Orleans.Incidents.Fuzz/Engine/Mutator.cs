namespace Incidents.Fuzz.Engine;

/// <summary>Changes an input a little, now and then a lot.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words)
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxSlice = 24;

    private static readonly byte[][] Anywhere =
    [
        [0], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0xA8], [0xF0, 0x9F, 0x99, 0x82], "\r\n"u8.ToArray(), "\n\n"u8.ToArray(),
        "0"u8.ToArray(), "-1"u8.ToArray(), "9223372036854775807"u8.ToArray(), "9223372036854775808"u8.ToArray(), "2147483648"u8.ToArray(), "1e999"u8.ToArray(), "1e-9"u8.ToArray(),
        "9999-12-31T23:59:59+23:59"u8.ToArray(), "0001-01-01T00:00:00Z"u8.ToArray(), "\\ud800"u8.ToArray(), "\\u0000"u8.ToArray(), "%00"u8.ToArray(), "%ff"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(),
    ];

    /// <summary>A changed input; the other one may lend a part.</summary>
    public byte[] Change(byte[] input, byte[] other)
    {
        for (var times = 1 + random.Next(4); times > 0; times--)
            input = Step(input, other);
        if (random.Next(150) == 0)
            input = Pump(input);
        return input.Length > MaxBytes ? input[..MaxBytes] : input;
    }

    private byte[] Step(byte[] input, byte[] other)
    {
        var at = random.Next(input.Length + 1);
        var until = Math.Min(input.Length, at + random.Next(MaxSlice));
        return random.Next(10) switch
        {
            0 => [.. input[..at], .. input[until..]],
            1 or 2 => [.. input[..at], .. Word(), .. input[at..]],
            3 => [.. input[..at], .. Word(), .. input[until..]],
            4 => [.. input[..at], (byte)random.Next(256), .. input[until..]],
            5 => [.. input[..until], .. input[at..]],
            6 => Flip(input),
            7 => [.. input[..at], .. Slice(other), .. input[until..]],
            8 => random.Next(4) == 0 ? input[..at] : Swap(input),
            _ => [.. input[..at], .. other[random.Next(other.Length + 1)..]],
        };
    }

    private byte[] Word() => words.Count == 0 || random.Next(4) == 0 ? Anywhere[random.Next(Anywhere.Length)] : words[random.Next(words.Count)];

    private byte[] Slice(byte[] from)
    {
        var at = random.Next(from.Length + 1);
        return from[at..Math.Min(from.Length, at + random.Next(2 * MaxSlice))];
    }

    private byte[] Flip(byte[] input)
    {
        if (input.Length == 0)
            return input;
        var copy = input.ToArray();
        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    private byte[] Swap(byte[] input)
    {
        if (input.Length < 2)
            return input;
        var copy = input.ToArray();
        var (a, b) = (random.Next(copy.Length), random.Next(copy.Length));
        (copy[a], copy[b]) = (copy[b], copy[a]);
        return copy;
    }

    // One part many times over: what is not linear shows here.
    private byte[] Pump(byte[] input)
    {
        var at = random.Next(input.Length + 1);
        var part = input[at..Math.Min(input.Length, at + 1 + random.Next(MaxSlice))];
        if (part.Length == 0)
            return input;
        var times = random.Next(MaxBytes / part.Length);
        return [.. input[..at], .. Enumerable.Repeat(part, times).SelectMany(p => p), .. input[at..]];
    }
}
