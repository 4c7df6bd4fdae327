using System.Collections.Immutable;

namespace Incidents.Routing.Matchers;

/// <summary>Reads matchers from text: <c>{severity="critical", team=~"db|storage"}</c>.</summary>
public static class MatcherParser
{
    /// <summary>
    /// Reads a list of matchers, in the order written; the empty text and <c>{}</c> are the empty list. The offset of an
    /// error counts into <paramref name="text"/>. In fallback mode a refused text gets the classic grammar's error, as there.
    /// </summary>
    public static Parsed<ImmutableArray<Matcher>> ParseAll(string text, MatcherMode mode = MatcherMode.Fallback)
    {
        switch (mode)
        {
            case MatcherMode.Utf8Strict:
                return Utf8Matchers.Parse(text);
            case MatcherMode.Classic:
                return ClassicMatchers.ParseAll(text);
            default:
                // When both accept, either they agree or the classic result wins: it is the classic one either way.
                var classic = ClassicMatchers.ParseAll(text);
                return classic.IsValid ? classic : Either(Utf8Matchers.Parse(text), classic);
        }
    }

    /// <summary>
    /// Reads exactly one matcher. In fallback mode a brace at either end is refused; the UTF-8 grammar alone takes
    /// <c>{a=b}</c>, the classic one takes a brace for a part of the text.
    /// </summary>
    public static Parsed<Matcher> ParseOne(string text, MatcherMode mode = MatcherMode.Fallback)
    {
        if (mode == MatcherMode.Classic)
            return ClassicMatchers.ParseOne(text, 0);
        if (mode == MatcherMode.Utf8Strict)
            return Single(Utf8Matchers.Parse(text));
        if (text.StartsWith('{') || text.EndsWith('}'))
            return Parsed.Failed<Matcher>("unexpected open or close brace", text.StartsWith('{') ? 0 : text.Length - 1);
        var classic = ClassicMatchers.ParseOne(text, 0);
        return classic.IsValid ? classic : Either(Single(Utf8Matchers.Parse(text)), classic);
    }

    private static Parsed<T> Either<T>(Parsed<T> first, Parsed<T> second)
        where T : notnull => first.IsValid ? first : second;

    private static Parsed<Matcher> Single(Parsed<ImmutableArray<Matcher>> all)
    {
        if (!all.TryGet(out var matchers, out var error))
            return Parsed.Failed<Matcher>(error.Message, error.Offset);
        return matchers.Length switch
        {
            1 => Parsed.Of(matchers[0]),
            0 => Parsed.Failed<Matcher>("no matchers", 0),
            var count => Parsed.Failed<Matcher>($"expected 1 matcher, found {count}", 0),
        };
    }
}
