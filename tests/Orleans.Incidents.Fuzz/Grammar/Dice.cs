using System.Text;

namespace Incidents.Fuzz.Grammar;

/// <summary>Choices.</summary>
internal static class Dice
{
    private static readonly string[] Odd =
    [
        "", " ", "a", "é", "🙂", "\u00A0", "\u2028", "\u0085", "\uFEFF", "\0", "\t", "\n", "\r\n", "\"", "\\", "/", "'", "`", "%", "%41", "%ff", "<b>", "{}", "[1]", "null", "0", "-1", "1.5e300",
        "true", "K\u030A", "\u212A", "𐀀", "\uE000", "env:SECRET", "http://h/", "urn:x", "..", "key=value", "ünïcödé",
    ];

    public static T Pick<T>(this Random random, params IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public static bool Chance(this Random random, int percent) => random.Next(100) < percent;

    /// <summary>A short text of odd parts.</summary>
    public static string OddText(this Random random)
    {
        var text = new StringBuilder();
        for (var parts = random.Next(4); parts >= 0; parts--)
            text.Append(random.Pick(Odd));
        return random.Next(300) == 0 ? string.Concat(Enumerable.Repeat(text.ToString(), random.Next(1, 3_000))) : text.ToString();
    }

    public static IEnumerable<T> Some<T>(this Random random, int most, Func<T> make)
    {
        for (var left = random.Next(most + 1); left > 0; left--)
            yield return make();
    }
}
