using Incidents.Routing.Re2.Unicode;

namespace Incidents.Routing.Re2.Syntax;

/// <summary>Collects ranges in any order and makes a <see cref="RuneSet"/> of them.</summary>
internal sealed class RuneSetBuilder
{
    private readonly List<(int Lo, int Hi)> _ranges = [];

    public RuneSetBuilder Add(int lo, int hi)
    {
        _ranges.Add((lo, hi));
        return this;
    }

    public RuneSetBuilder Add(RuneSet set)
    {
        foreach (var range in set.Ranges)
            _ranges.Add(range);
        return this;
    }

    /// <summary>Adds a range and every code point that equals one of it when case does not count.</summary>
    public RuneSetBuilder AddFolded(int lo, int hi)
    {
        Add(lo, hi);
        CaseFolding.AddPartners(lo, hi, this);
        return this;
    }

    /// <summary>Adds a set and every code point that equals one of it when case does not count.</summary>
    public RuneSetBuilder AddFolded(RuneSet set)
    {
        foreach (var (lo, hi) in set.Ranges)
            AddFolded(lo, hi);
        return this;
    }

    public RuneSet Build()
    {
        _ranges.Sort();
        var merged = new List<(int Lo, int Hi)>(_ranges.Count);
        foreach (var (lo, hi) in _ranges)
        {
            if (merged.Count > 0 && lo <= merged[^1].Hi + 1)
                merged[^1] = (merged[^1].Lo, Math.Max(merged[^1].Hi, hi));
            else
                merged.Add((lo, hi));
        }

        return new RuneSet([.. merged]);
    }
}
