using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;

namespace Incidents.Routing;

/// <summary>
/// A small pattern that can write itself down and match itself, by trying everything. Slow and plainly right: what the
/// engine is compared with.
/// </summary>
public abstract record Sketch
{
    private static readonly ConcurrentDictionary<int, Gen<Sketch>> Sizes = new();

    /// <summary>The pattern as text.</summary>
    public abstract string Text { get; }

    /// <summary>Every place where a match that begins at <paramref name="at"/> can end.</summary>
    public abstract IEnumerable<int> Ends(string text, int at);

    public bool MatchesWhole(string text) => Ends(text, 0).Contains(text.Length);

    public override string ToString() => Text;

    /// <summary>Random patterns over a, b, newline and a character outside the basic plane's ASCII.</summary>
    public static Arbitrary<Sketch> Arbitrary { get; } = Gen.Sized(size => Of(Math.Min(size, 12))).ToArbitrary();

    /// <summary>Random texts over the same characters.</summary>
    public static Arbitrary<string> Texts { get; } =
        Gen.Elements('a', 'a', 'b', 'b', '\n', 'é').ListOf().Select(cs => string.Concat(cs.Take(12))).ToArbitrary();

    /// <summary>Made once a size: each holds all smaller ones.</summary>
    private static Gen<Sketch> Of(int size) => Sizes.GetOrAdd(size, Make);

    private static Gen<Sketch> Make(int size)
    {
        var leaf = Gen.Elements<Sketch>(
            new Chars("a", "a"), new Chars("b", "b"), new Chars("é", "é"), new Chars(".", "abé"), new Chars("(?s:.)", "ab\né"),
            new Chars("[^a]", "b\né"), new Chars(@"\w", "ab"), new Chars("(?i:B)", "b"),
            new Place("^", (_, i) => i == 0), new Place("$", (t, i) => i == t.Length),
            new Place("(?m:^)", (t, i) => i == 0 || t[i - 1] == '\n'), new Place("(?m:$)", (t, i) => i == t.Length || t[i] == '\n'),
            new Place(@"\b", Boundary), new Place(@"\B", (t, i) => !Boundary(t, i)), new Place("", (_, _) => true));
        if (size <= 1)
            return leaf;
        var half = Of(size / 2);
        return Gen.OneOf(
            leaf,
            Gen.Zip(half, half).Select(p => (Sketch)new Both(p.Item1, p.Item2)),
            Gen.Zip(half, half).Select(p => (Sketch)new Either(p.Item1, p.Item2)),
            Gen.Zip(Of(size - 1), Gen.Elements(("*", 0, 9), ("+", 1, 9), ("?", 0, 1), ("*?", 0, 9), ("{2}", 2, 2), ("{1,3}", 1, 3), ("{2,}", 2, 9), ("{0}", 0, 0)))
                .Select(p => (Sketch)new Many(p.Item1, p.Item2.Item1, p.Item2.Item2, p.Item2.Item3)));
    }

    private static bool Boundary(string text, int at) => IsWord(text, at - 1) != IsWord(text, at);

    private static bool IsWord(string text, int at) => at >= 0 && at < text.Length && char.IsAsciiLetter(text[at]);

    private sealed record Chars(string Written, string Taken) : Sketch
    {
        public override string Text => Written;

        public override IEnumerable<int> Ends(string text, int at) => at < text.Length && Taken.Contains(text[at]) ? [at + 1] : [];
    }

    private sealed record Place(string Written, Func<string, int, bool> Holds) : Sketch
    {
        public override string Text => Written;

        public override IEnumerable<int> Ends(string text, int at) => Holds(text, at) ? [at] : [];
    }

    private sealed record Both(Sketch First, Sketch Second) : Sketch
    {
        public override string Text => $"(?:{First.Text})(?:{Second.Text})";

        public override IEnumerable<int> Ends(string text, int at) => First.Ends(text, at).Distinct().SelectMany(i => Second.Ends(text, i));
    }

    private sealed record Either(Sketch First, Sketch Second) : Sketch
    {
        public override string Text => $"({First.Text}|{Second.Text})";

        public override IEnumerable<int> Ends(string text, int at) => First.Ends(text, at).Concat(Second.Ends(text, at));
    }

    /// <summary>A maximum of 9 means "without end": one round more than the text is long adds no new place.</summary>
    private sealed record Many(Sketch Body, string Mark, int Min, int Max) : Sketch
    {
        public override string Text => $"(?:{Body.Text}){Mark}";

        public override IEnumerable<int> Ends(string text, int at)
        {
            var here = new HashSet<int> { at };
            var all = new HashSet<int>(Min == 0 ? here : []);
            var last = Max == 9 ? Min + text.Length + 1 : Max;
            for (var round = 1; round <= last; round++)
            {
                here = [.. here.SelectMany(i => Body.Ends(text, i))];
                if (round >= Min)
                    all.UnionWith(here);
            }

            return all;
        }
    }
}
