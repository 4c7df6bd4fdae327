using System.Text;
using System.Text.RegularExpressions;
using Incidents.Fuzz.Grammar;
using Incidents.Routing.Re2;
using Incidents.Routing.Re2.Execution;
using Incidents.Routing.Re2.Syntax;

namespace Incidents.Fuzz.Targets;

/// <summary>
/// The pattern language. The input is a pattern, a zero byte and a value. A pattern is refused at a place inside it, or runs in
/// linear time; the quick ways agree with the automaton; and where .NET reads a pattern alike, .NET agrees.
/// </summary>
internal sealed partial class PatternTarget : ITarget
{
    private static readonly Regex Plain = PlainPattern();

    public string Name => "pattern";

    public double Share => 1;

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[]
        {
            "a.*b\0aXb", "(a|ab)(c|bcd)(d*)\0abcd", "(?i:k)elvin\0\u212Aelvin", "[[:alpha:]]+\\d{1,3}\0ab123", "((a?){10}){10}a*\0aaaaaaaaaaaaaaaaaaaa", "(?:a*)*b\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "^$\0", "(?m:^a$)\n?\0a\n",
            "prod-\\d+|stage-.*\0prod-17", "\\p{Greek}+\0αβγ", "a)|(b\0a", "(?s:.*)x(?s:.*)\0\nx\n", "\\Qa.b\\E\0a.b", "[^\\x00-\\x7F]+\0é🙂",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. new[] { "(", ")", "[", "]", "[^", "{", "}", "{2,", "{1000}", "\\", "\\Q", "\\E", "\\p{", "\\pN", "(?", "(?P<", "(?i)", "(?U)", "(?-s:", ">", "*", "+", "?", "|", "-", ":", "\\x{10FFFF}", "\\b", "[[:word:]]", "\0", "^", "$", "..." }.Select(Encoding.UTF8.GetBytes),
    ];

    public byte[] Make(Random random) => Encoding.UTF8.GetBytes(random.Next(3) == 0
        ? PatternGrammar.Plain(random) + "\0" + PatternGrammar.PlainValue(random)
        : PatternGrammar.Pattern(random) + "\0" + PatternGrammar.Value(random));

    public string Run(byte[] input)
    {
        var zero = Array.IndexOf(input, (byte)0);
        var pattern = Encoding.UTF8.GetString(zero < 0 ? input : input[..zero]);
        var value = zero < 0 ? "" : Encoding.UTF8.GetString(input[(zero + 1)..]);
        if (!AnchoredPattern.Compile(pattern).TryGet(out var compiled, out var error))
        {
            Law.Holds(error.Message.Length > 0 && error.Offset >= 0 && error.Offset <= pattern.Length, $"an error has a place in the pattern: {error}");
            return Law.Kind(error.Message);
        }

        var matches = compiled.IsMatch(value);
        Law.Holds(compiled.IsMatch(value) == matches, "the same value matches again");
        if (compiled.Strategy != PatternStrategy.Automaton)
            Law.Holds(new Automaton(PatternParser.Parse($"^(?:{pattern})$")).IsMatch(value) == matches, $"{compiled.Strategy} agrees with the automaton");
        if (pattern.Length <= 60 && value.Length <= 60 && Plain.IsMatch(pattern) && value.All(char.IsAsciiLetterOrDigit) && DotNet(pattern) is { } other)
            Law.Holds(other.IsMatch(value) == matches, $".NET agrees, which says {!matches}");
        return $"{compiled.Strategy} {matches} {Shape(pattern)}";
    }

    // Which marks a pattern has, as far as they make a difference to how it is read.
    private static string Shape(string pattern) => string.Concat("|*+?{[(\\^$".Where(c => pattern.Contains(c, StringComparison.Ordinal)));

    private static Regex? DotNet(string pattern)
    {
        try
        {
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // Letters, classes of them, groups without flags, repeats. "(?" begins what .NET reads in its own way.
    [GeneratedRegex(@"^([a-z0-9.|]|\[\^?[a-z0-9]+(-[a-z0-9])?\]|\(|\)|[*+]\??|[a-z0-9.)\]]\?\??|\{[0-9](,[0-9]?)?\})*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PlainPattern();
}
