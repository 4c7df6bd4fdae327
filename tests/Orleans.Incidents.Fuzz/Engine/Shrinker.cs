namespace Incidents.Fuzz.Engine;

/// <summary>Makes an input that breaks a law smaller, as long as it breaks it with the same exception.</summary>
internal static class Shrinker
{
    private const int MaxGoes = 3_000;

    public static (byte[] Input, Exception Broken) Shrink(ITarget target, byte[] input, Exception broken)
    {
        // Each go would take as long as what is complained of.
        if (broken is TimeoutException)
            return (input, broken);
        var goes = 0;
        for (var size = Math.Max(1, input.Length / 2); size >= 1 && goes < MaxGoes; size /= 2)
        {
            for (var at = 0; at + size <= input.Length && goes < MaxGoes; goes++)
            {
                byte[] smaller = [.. input[..at], .. input[(at + size)..]];
                if (Breaks(target, smaller) is { } same && same.GetType() == broken.GetType())
                    (input, broken) = (smaller, same);
                else
                    at += size;
            }
        }

        return (input, broken);
    }

    private static Exception? Breaks(ITarget target, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Exception broken)
        {
            return broken;
        }
    }
}
