using Incidents.Audit;

namespace Incidents.Core.Tests.Audit;

public class ChainTests
{
    private static readonly Envelope Full = new()
    {
        Stream = "incident/I", Version = 3, Type = "incident.acknowledged", Schema = 1, Time = 1_700_000_000_000_000_000, Actor = "agent", OnBehalfOf = "alice",
        Delegation = "d1", Grant = "g1.2", Approval = "p1", Policy = "v7", Reason = "Acknowledged", Payload = [1, 2, 3], Hash = [],
    };

    private static readonly (string Field, Envelope Changed)[] Changes =
    [
        ("stream", Full with { Stream = "incident/J" }), ("version", Full with { Version = 4 }), ("type", Full with { Type = "incident.closed" }),
        ("schema", Full with { Schema = 2 }), ("time", Full with { Time = Full.Time + 1 }), ("actor", Full with { Actor = "alice" }),
        ("on behalf of", Full with { OnBehalfOf = "bob" }), ("delegation", Full with { Delegation = "d2" }), ("grant", Full with { Grant = "g1.3" }),
        ("approval", Full with { Approval = "p2" }), ("policy", Full with { Policy = "v8" }), ("reason", Full with { Reason = "Closed" }),
        ("payload", Full with { Payload = [1, 2, 4] }),
        ("no on behalf of", Full with { OnBehalfOf = null }), ("no delegation", Full with { Delegation = null }), ("no grant", Full with { Grant = null }),
        ("no approval", Full with { Approval = null }), ("no policy", Full with { Policy = null }),
        ("empty on behalf of", Full with { OnBehalfOf = "" }), ("empty delegation", Full with { Delegation = "" }), ("empty grant", Full with { Grant = "" }),
        ("empty approval", Full with { Approval = "" }), ("empty policy", Full with { Policy = "" }),
    ];

    private static string Hash(Envelope e) => Convert.ToHexStringLower(Chain.Next(Chain.Start, e));

    [Fact]
    public void Every_field_changes_the_hash_and_absent_differs_from_empty()
    {
        var hashes = Changes.Select(c => Hash(c.Changed)).Append(Hash(Full)).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Fact]
    public void Every_field_of_the_envelope_but_the_hash_itself_is_tried() =>
        Assert.Equal(typeof(Envelope).GetProperties().Length - 1, Changes.Count(c => !c.Field.StartsWith("no ", StringComparison.Ordinal) && !c.Field.StartsWith("empty ", StringComparison.Ordinal)));

    [Fact]
    public void The_previous_hash_changes_the_hash() =>
        Assert.NotEqual(Hash(Full), Convert.ToHexStringLower(Chain.Next(Chain.Next(Chain.Start, Full), Full)));

    [Fact]
    public void The_stored_hash_is_not_part_of_what_is_hashed() => Assert.Equal(Hash(Full), Hash(Full with { Hash = [9] }));

    [Fact]
    public void Text_cannot_wander_from_one_field_into_the_next() =>
        Assert.NotEqual(Hash(Full with { Actor = "ab", OnBehalfOf = "c" }), Hash(Full with { Actor = "a", OnBehalfOf = "bc" }));

    [Fact]
    public void Fields_of_any_length_are_hashed_to_their_end() =>
        Assert.NotEqual(Hash(Full with { Reason = new string('x', 5000) + "1" }), Hash(Full with { Reason = new string('x', 5000) + "2" }));

    // Worked out from the written form by another program.
    [Fact]
    public void The_form_is_fixed_for_ever() =>
        Assert.Equal("a94c69d674a61824c7f9ca5879905e8cecd636b3c6065b5f096c2278ab34b853", Hash(Full));

    [Fact]
    public void The_form_of_what_is_absent_is_fixed_too() => Assert.Equal(
        "acef6bfb83a7cc037ac9f858be02a5ae0dc103037bef08b84e26855b950f79d5",
        Hash(Full with { OnBehalfOf = null, Delegation = null, Grant = null, Approval = null, Policy = null }));
}
