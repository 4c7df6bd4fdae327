using System.Collections.Immutable;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>
/// When members of a group were last received, by their places. Immutable; the default holds none. Most groups have one
/// member, so the first is kept in place and only further ones cost a dictionary.
/// </summary>
public readonly struct LastSeen
{
    // One more than the place, so that the default value holds nothing.
    private readonly int _first;
    private readonly Instant _at;
    private readonly ImmutableDictionary<int, Instant>? _others;

    private LastSeen(int first, Instant at, ImmutableDictionary<int, Instant>? others)
    {
        _first = first;
        _at = at;
        _others = others;
    }

    /// <summary>When the member at a place was last received; <see langword="null"/>: it is not among these.</summary>
    public Instant? this[int place] => _first == place + 1 ? _at : _others is not null && _others.TryGetValue(place, out var at) ? at : null;

    /// <summary>These with one received at a time; an earlier time than the one known changes nothing.</summary>
    public LastSeen With(int place, Instant at)
    {
        if (this[place] >= at)
            return this;
        return _first == 0 || _first == place + 1
            ? new LastSeen(place + 1, at, _others)
            : new LastSeen(_first, _at, (_others ?? ImmutableDictionary<int, Instant>.Empty).SetItem(place, at));
    }

    /// <summary>Only those whose place is wanted.</summary>
    public LastSeen Where(Func<int, bool> wanted) => InOrder().Where(m => wanted(m.Place)).Aggregate(default(LastSeen), (seen, m) => seen.With(m.Place, m.At));

    /// <summary>All, in order of their places.</summary>
    public IEnumerable<MemberSeen> InOrder()
    {
        IEnumerable<MemberSeen> others = _others is null ? [] : _others.Select(o => new MemberSeen(o.Key, o.Value));
        return _first == 0 ? others : others.Append(new MemberSeen(_first - 1, _at)).OrderBy(m => m.Place);
    }
}
