using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Shapes;

/// <summary>
/// Recognises the patterns people write most (a text, alternatives, <c>prefix.*</c>, <c>.*middle.*</c>) and answers them
/// with plain searches. What it does not recognise is left to the automaton; both give the same answers.
/// </summary>
internal static class ShapeFinder
{
    private const int MaxTexts = 4096;
    private const int MaxGlobs = 8;

    /// <summary>Characters that a product of alternatives may come to; products of long repeats would cost time otherwise.</summary>
    private const int MaxProduct = 1 << 14;

    /// <summary>Characters that all texts together may come to.</summary>
    private const int MaxTotal = 1 << 18;

    /// <summary>A direct test for a pattern between <c>^</c> and <c>$</c>, or <see langword="null"/>.</summary>
    public static TextTest? Find(Node root)
    {
        if (!IsAnchored(root) || Expand(Anchors.Strip(root)) is not { } all || !all.TrueForAll(IsPlain) || Length(all) > MaxTotal)
            return null;
        var texts = all.Where(g => g.Gaps.Length == 0).Select(g => g.Pieces[0]).ToArray();
        var globs = all.Where(g => g.Gaps.Length > 0).ToArray();
        return globs.Length switch
        {
            0 when texts.Length == 1 => new OneTextTest(texts[0]),
            0 => new AnyTextTest(texts),
            <= MaxGlobs => new GlobsTest(texts, globs),
            _ => null,
        };
    }

    private static bool IsAnchored(Node root) =>
        root is ConcatNode { Parts: [AssertNode { Kind: Assertion.BeginText }, .., AssertNode { Kind: Assertion.EndText }] };

    /// <summary>U+FFFD in a pattern also stands for half a surrogate pair, which a plain search would not see.</summary>
    private static bool IsPlain(Glob glob) =>
        glob.IsSearchable && glob.Pieces.All(p => !p.Contains('\uFFFD', StringComparison.Ordinal));

    /// <summary>All that a node can match, written out; <see langword="null"/> when that is too much or no glob.</summary>
    private static List<Glob>? Expand(Node node)
    {
        switch (node)
        {
            case EmptyNode:
                return [Glob.Empty];
            case OneNode one:
                return ExpandSet(one.Set);
            case GroupNode group:
                return Expand(group.Body);
            case RepeatNode { Max: < 0, Min: <= 1, Body: OneNode { Set: var set } } gap when set.Equals(RuneSet.Any) || set.Equals(RuneSet.NotNewline):
                return [new Glob(["", ""], [new Gap(gap.Min, set.Equals(RuneSet.Any))])];
            case RepeatNode { Max: >= 0 } repeat:
                return ExpandRepeat(repeat);
            case ConcatNode concat:
                return concat.Parts.Aggregate((List<Glob>?)[Glob.Empty], (so, part) => Product(so, part));
            case AlternateNode alternate:
                return alternate.Branches.Aggregate((List<Glob>?)[], (so, branch) => Union(so, Expand(branch)));
            default:
                return null;
        }
    }

    private static List<Glob>? ExpandSet(RuneSet set)
    {
        if (set.Count > MaxTexts)
            return null;
        var texts = new List<Glob>(set.Count);
        foreach (var (lo, hi) in set.Ranges)
        {
            for (var rune = lo; rune <= hi; rune++)
            {
                // A surrogate occurs in no well-formed text.
                if (rune is < 0xD800 or > 0xDFFF)
                    texts.Add(new Glob([char.ConvertFromUtf32(rune)], []));
            }
        }

        return texts;
    }

    private static List<Glob>? ExpandRepeat(RepeatNode repeat)
    {
        List<Glob>? all = repeat.Min == 0 ? [Glob.Empty] : [];
        List<Glob>? rounds = [Glob.Empty];
        for (var i = 1; i <= repeat.Max && all is not null; i++)
        {
            rounds = Product(rounds, repeat.Body);
            if (i >= repeat.Min)
                all = Union(all, rounds);
        }

        return all;
    }

    private static List<Glob>? Product(List<Glob>? left, Node node)
    {
        if (left is null || Expand(node) is not { } right || (long)left.Count * right.Count > MaxTexts)
            return null;
        return (Length(left) * right.Count) + (Length(right) * left.Count) > MaxProduct
            ? null
            : [.. left.SelectMany(_ => right, (a, b) => a.Then(b))];
    }

    private static long Length(List<Glob> globs) => globs.Sum(g => g.Pieces.Sum(p => (long)p.Length));

    private static List<Glob>? Union(List<Glob>? left, List<Glob>? right) =>
        left is null || right is null || left.Count + right.Count > MaxTexts ? null : [.. left, .. right];
}
