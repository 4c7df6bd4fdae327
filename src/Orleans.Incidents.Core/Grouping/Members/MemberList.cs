using System.Collections;
using System.Collections.Immutable;

namespace Incidents.Grouping;

/// <summary>
/// The alerts of a group in order of appearance, each found by its place or its dedup key. Immutable; the default is empty. Most
/// groups have one alert, so the first is kept in place and only further ones cost a list and an index; these make every change
/// O(log n).
/// </summary>
public readonly struct MemberList : IReadOnlyList<Member>
{
    private readonly Member? _first;
    private readonly ImmutableList<Member>? _others;
    private readonly ImmutableDictionary<string, int>? _places;

    private MemberList(Member? first, ImmutableList<Member>? others, ImmutableDictionary<string, int>? places)
    {
        _first = first;
        _others = others;
        _places = places;
    }

    /// <summary>How many there are.</summary>
    public int Count => _first is null ? 0 : 1 + (_others?.Count ?? 0);

    /// <summary>The one at a place, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Member this[int index] => index == 0 && _first is { } first
        ? first
        : _others is { } others && index > 0 ? others[index - 1] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The place of a dedup key; -1: it is not among these.</summary>
    public int PlaceOf(string key) => _first?.Key == key ? 0 : _places is not null && _places.TryGetValue(key, out var place) ? place : -1;

    /// <summary>These and one more at the end, whose key is none of theirs.</summary>
    public MemberList Add(Member member) => _first is null
        ? new MemberList(member, null, null)
        : new MemberList(_first, (_others ?? []).Add(member), (_places ?? ImmutableDictionary<string, int>.Empty).Add(member.Key, Count));

    /// <summary>These with another state of the one at a place, whose key stays.</summary>
    public MemberList SetItem(int place, Member member) =>
        place == 0 ? new MemberList(member, _others, _places) : new MemberList(_first, _others!.SetItem(place - 1, member), _places);

    /// <inheritdoc/>
    public IEnumerator<Member> GetEnumerator()
    {
        if (_first is null)
            yield break;
        yield return _first;
        foreach (var other in _others ?? [])
            yield return other;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
