using System.Collections.Frozen;
using System.Collections.Immutable;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>The ids of one section, to check references against. They are known before any entry is read, so order does not matter.</summary>
internal sealed record Names(string Singular, string Plural, ImmutableArray<string> Known)
{
    private const int MaxListed = 10;

    private readonly FrozenSet<string> _known = Known.ToFrozenSet();

    public bool Contains(string id) => _known.Contains(id);

    /// <summary>The id that a value names; the empty string after an error.</summary>
    public string Resolve(Value? value)
    {
        if (value?.Text() is not { } id)
            return "";
        if (!Contains(id))
            value.Error($"no {Singular} is called {ErrorList.Quote(id)} ({List()})");
        return id;
    }

    /// <summary>The ids for a message: <c>policies: default, dba</c>.</summary>
    public string List() =>
        Known.Length == 0
            ? $"{Plural}: none"
            : $"{Plural}: {string.Join(", ", Known.Take(MaxListed))}{(Known.Length > MaxListed ? $" and {Known.Length - MaxListed} more" : "")}";
}
