using System.Globalization;
using System.Text;

namespace Incidents.Fuzz.Grammar;

/// <summary>Writes JSON, mostly well-formed, and in every way that JSON allows.</summary>
internal static class JsonGrammar
{
    private static readonly string[] Numbers = ["0", "-0", "1", "-1", "1e3", "1E-7", "1.25", "1767225600", "1767225600123", "1767225600123456789", "9223372036854775807", "1e400", "12345678901234567890123456789012345678901234567890", "0.00000000000000000000000000000001", "79228162514264337593543950335"];

    /// <summary>Any value at all.</summary>
    public static string Any(Random random, int depth = 0) => random.Next(depth > 4 ? 5 : 8) switch
    {
        0 => random.Pick("null", "true", "false"),
        1 => random.Pick(Numbers),
        2 => random.Next(100).ToString(CultureInfo.InvariantCulture),
        3 or 4 => Text(random, random.OddText()),
        5 => Array(random, () => Any(random, depth + 1)),
        6 => random.Next(20) == 0 ? new string('[', 40) + new string(']', 40) : Array(random, () => Any(random, depth + 1)),
        _ => "{" + string.Join(',', random.Some(4, () => Text(random, random.OddText()) + ":" + Any(random, depth + 1))) + "}",
    };

    /// <summary>An object of some of these members, now and then one twice, or one that nobody knows.</summary>
    public static string Object(Random random, params (string Name, Func<string> Value)[] members)
    {
        var text = new StringBuilder("{");
        var all = members.Where(_ => random.Chance(80)).Concat(random.Chance(10) ? [random.Pick(members)] : []);
        foreach (var (name, value) in all)
            Member(text, Blank(random) + Text(random, name), random.Chance(6) ? Any(random) : value());
        if (random.Chance(15))
            Member(text, Text(random, random.OddText()), Any(random));
        return text.Append('}').ToString();
    }

    public static string Array(Random random, Func<string> item, int most = 4) => "[" + string.Join(Blank(random) + ",", random.Some(most, item)) + "]";

    /// <summary>An object of texts.</summary>
    public static string Texts(Random random, params string[] names) =>
        "{" + string.Join(',', random.Some(5, () => Text(random, random.Chance(85) ? random.Pick(names) : random.OddText()) + ":" + (random.Chance(90) ? Text(random, random.OddText()) : Any(random)))) + "}";

    /// <summary>A string, some of its characters escaped.</summary>
    public static string Text(Random random, string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\' || c < ' ')
                json.Append(c == '\n' && random.Chance(50) ? "\\n" : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
            else if (random.Next(60) == 0 && !char.IsSurrogate(c))
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                json.Append(c);
        }

        if (random.Next(80) == 0)
            json.Append(random.Pick("\\ud83d", "\\ude42", "\\ud83d\\ude42", "\\ud83d\\u0041", "\\/", "\\b\\f"));
        return json.Append('"').ToString();
    }

    private static void Member(StringBuilder to, string name, string value) => to.Append(to.Length > 1 ? "," : "").Append(name).Append(':').Append(value);

    private static string Blank(Random random) => random.Next(20) == 0 ? random.Pick(" ", "\n", "\t", "\r\n  ") : "";
}
