using System.Diagnostics;

namespace Incidents.Fuzz.Engine;

/// <summary>What a run saw.</summary>
/// <param name="Inputs">How many inputs were run.</param>
/// <param name="Outcomes">How many kinds of outcome there were.</param>
internal sealed record Tally(int Inputs, int Outcomes);

/// <summary>
/// Makes inputs by the grammar and by changing those that are known, and keeps every input with an outcome that none had
/// before. The same seed makes the same inputs.
/// </summary>
internal static class Fuzzer
{
    private const int MaxKept = 2_000;

    // No input may take this long. Looked at closely only when a go seems slow, because a busy machine makes any go seem slow.
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Suspicious = TimeSpan.FromMilliseconds(500);

    public static Tally Run(ITarget target, int seed, int inputs)
    {
        var random = new Random(seed);
        var mutator = new Mutator(random, target.Words);
        var kept = target.Corpus.ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var known in target.Corpus)
            seen.Add(Try(target, seed, known));
        for (var i = 0; i < inputs; i++)
        {
            var input = random.Next(4) == 0 ? target.Make(random) : mutator.Change(Parent(random, kept), Parent(random, kept));
            if (seen.Add(Try(target, seed, input)) && kept.Count < MaxKept)
                kept.Add(input);
        }

        return new Tally(inputs, seen.Count);
    }

    /// <summary>Runs one input.</summary>
    /// <exception cref="FuzzFailureException">It breaks a law; the smallest input found that breaks it the same way.</exception>
    public static string Try(ITarget target, int seed, byte[] input)
    {
        try
        {
            return InTime(target, input);
        }
        catch (Exception broken)
        {
            var (smaller, why) = Shrinker.Shrink(target, input, broken);
            throw new FuzzFailureException(target.Name, seed, smaller, why);
        }
    }

    // The newest are the likeliest to lead on.
    private static byte[] Parent(Random random, List<byte[]> kept) =>
        kept[random.Next(2) == 0 ? random.Next(kept.Count) : kept.Count - 1 - random.Next(Math.Min(kept.Count, 50))];

    private static string InTime(ITarget target, byte[] input)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = target.Run(input);
        if (Stopwatch.GetElapsedTime(started) < Suspicious)
            return outcome;
        var took = ThreadTime.Least(3, () => target.Run(input));
        return took <= Allowed ? outcome : throw new TimeoutException($"takes {took.TotalSeconds:0.0} s of this thread's own time");
    }
}
