using System.Collections.Frozen;

namespace Incidents.Routing.Re2.Syntax;

/// <summary>The classes that have a name of their own: Perl's <c>\d \s \w</c> and POSIX' <c>[:alpha:]</c>. All are ASCII.</summary>
internal static class NamedClasses
{
    private static readonly FrozenDictionary<string, RuneSet> Posix = new Dictionary<string, RuneSet>(StringComparer.Ordinal)
    {
        ["alnum"] = Of("09AZaz"), ["alpha"] = Of("AZaz"), ["ascii"] = Of("\0\u007F"), ["blank"] = Of("\t\t  "),
        ["cntrl"] = Of("\0\u001F\u007F\u007F"), ["digit"] = Of("09"), ["graph"] = Of("!~"), ["lower"] = Of("az"),
        ["print"] = Of(" ~"), ["punct"] = Of("!/:@[`{~"), ["space"] = Of("\t\r  "), ["upper"] = Of("AZ"),
        ["word"] = RuneSet.Word, ["xdigit"] = Of("09AFaf"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly RuneSet Digit = Of("09");
    private static readonly RuneSet Space = Of("\t\n\f\r  ");

    /// <summary>The class of a letter after a backslash (d, s or w in lower case), or <see langword="null"/>.</summary>
    public static RuneSet? Perl(char letter) => letter switch
    {
        'd' => Digit,
        's' => Space,
        'w' => RuneSet.Word,
        _ => null,
    };

    /// <summary>The class between <c>[:</c> and <c>:]</c>, without its <c>^</c>, or <see langword="null"/>.</summary>
    public static RuneSet? PosixNamed(string name) => Posix.GetValueOrDefault(name);

    private static RuneSet Of(string pairs)
    {
        var builder = new RuneSetBuilder();
        for (var i = 0; i < pairs.Length; i += 2)
            builder.Add(pairs[i], pairs[i + 1]);
        return builder.Build();
    }
}
