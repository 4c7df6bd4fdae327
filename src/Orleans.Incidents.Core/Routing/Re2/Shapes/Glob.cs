namespace Incidents.Routing.Re2.Shapes;

/// <summary>A gap between two pieces: at least <see cref="Min"/> code points (0 or 1), newlines among them or not.</summary>
internal readonly record struct Gap(int Min, bool Newlines);

/// <summary>
/// Pieces of text with gaps between them: one piece more than gaps, pieces may be empty. All gaps agree about newlines;
/// where they allow none, no piece holds one either. No gap: the text itself.
/// </summary>
internal sealed record Glob(string[] Pieces, Gap[] Gaps)
{
    public static Glob Empty { get; } = new([""], []);

    /// <summary>This and then that.</summary>
    public Glob Then(Glob that) => new([.. Pieces[..^1], Pieces[^1] + that.Pieces[0], .. that.Pieces[1..]], [.. Gaps, .. that.Gaps]);

    /// <summary>Whether the rules above hold, so that the earliest place for each piece is as good as any later one.</summary>
    public bool IsSearchable =>
        Gaps.All(g => g.Newlines == Gaps[0].Newlines)
        && (Gaps.Length == 0 || Gaps[0].Newlines || Pieces.All(p => !p.Contains('\n', StringComparison.Ordinal)));

    public bool IsMatch(string text)
    {
        var last = Pieces[^1];
        var end = text.Length - last.Length;
        var at = Pieces[0].Length;
        if (end < at || !text.StartsWith(Pieces[0], StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
            return false;
        if (!Gaps[0].Newlines && text.Contains('\n', StringComparison.Ordinal))
            return false;
        for (var i = 1; i < Pieces.Length - 1; i++)
        {
            if (!SkipGap(text, Gaps[i - 1], end, ref at))
                return false;
            var found = text.AsSpan(at, end - at).IndexOf(Pieces[i], StringComparison.Ordinal);
            if (found < 0)
                return false;
            at += found + Pieces[i].Length;
        }

        return SkipGap(text, Gaps[^1], end, ref at);
    }

    private static bool SkipGap(string text, Gap gap, int end, ref int at)
    {
        if (gap.Min == 0)
            return true;
        if (at >= end)
            return false;
        at += at + 1 < end && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        return true;
    }
}
