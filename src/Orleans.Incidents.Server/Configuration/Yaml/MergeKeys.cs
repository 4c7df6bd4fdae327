using System.Collections.Immutable;

namespace Incidents.Server.Configuration.Yaml;

/// <summary>
/// YAML's merge key: <c>&lt;&lt;: *defaults</c> (or a list of such) lays another mapping's entries under one's own. Of
/// several mappings the earlier wins.
/// </summary>
internal static class MergeKeys
{
    private const string MergeKey = "<<";

    /// <summary>The entries with every merge key replaced by what it brings.</summary>
    public static ImmutableArray<Entry> Apply(ImmutableArray<Entry> entries)
    {
        if (!entries.Any(e => e.Key == MergeKey))
            return entries;
        var result = entries.Where(e => e.Key != MergeKey).ToList();
        var taken = result.Select(e => e.Key).ToHashSet();
        result.AddRange(entries.Where(e => e.Key == MergeKey).SelectMany(Sources).SelectMany(m => m.Entries).Where(e => taken.Add(e.Key)));
        return [.. result];
    }

    private static IEnumerable<MapNode> Sources(Entry merge) =>
        (merge.Value is ListNode list ? list.Items : [merge.Value])
        .Select(v => v as MapNode ?? throw new YamlRefusal(v.At, $"<< needs a mapping or a list of mappings, found {v.Kind}"));
}
