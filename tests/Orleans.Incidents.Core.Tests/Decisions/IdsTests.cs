using Incidents.Decisions;
using Incidents.Pages;
using NodaTime;

namespace Incidents.Core.Tests.Decisions;

public class IdsTests
{
    [Fact]
    public void A_command_run_again_makes_the_same_ids() =>
        Assert.Equal((Some.Command.Derive(3), Some.Command.IncidentId(Some.Now, 7)), (Some.Command.Derive(3), Some.Command.IncidentId(Some.Now, 7)));

    [Fact]
    public void What_one_command_makes_has_ids_of_its_own() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(Some.Command.Derive).Distinct().Count());

    [Fact]
    public void What_two_commands_make_has_different_ids() => Assert.NotEqual(new CommandId(1).Derive(3), new CommandId(2).Derive(3));

    [Fact]
    public void Incident_ids_sort_by_age()
    {
        var ids = Enumerable.Range(0, 50).Select(i => CommandId.Of($"{50 - i}").IncidentId(Some.Now + Duration.FromMilliseconds(i), 255 - i)).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.Equal(26, id.Length));
    }

    [Fact]
    public void Stored_bytes_read_back() => Assert.Equal(Some.Command, CommandId.FromBytes(Some.Command.ToBytes()));

    [Fact]
    public void Its_text_is_32_hexadecimal_digits_and_reads_back()
    {
        Assert.Equal("00000000000000000000000000001234", Some.Command.ToString());
        Assert.Equal(Some.Command, CommandId.Parse(Some.Command.ToString()));
    }

    // They are stored: another name would be another stream.
    [Fact]
    public void The_names_of_streams_are_fixed_for_ever() => Assert.Equal(
        ["group/shop/000000000000002a", "group/@prod/000000000000002a", "channel/email", "routing/main", "letter/00000000000000000000000000001234"],
        ((StreamId[])[StreamId.GroupByLabels("shop", 42), StreamId.GroupByKey("prod", 42), StreamId.Email, StreamId.Routing, StreamId.Letter(Some.Command)]).Select(s => s.ToString()));

    [Fact]
    public void Every_kind_of_stream_reads_back_from_its_text() => Assert.All(Enum.GetValues<ActorKind>(),
        kind => Assert.Equal(new StreamId(kind, "a/b"), StreamId.Parse(new StreamId(kind, "a/b").ToString())));

    [Fact]
    public void A_stream_is_in_the_same_shard_for_ever_and_a_services_groups_in_the_services()
    {
        Assert.Equal((94, 241, 117), (StreamId.Service("shop").Shard, StreamId.Incident("a").Shard, StreamId.GroupByKey("generic", 7).Shard));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(94, StreamId.GroupByLabels("shop", (ulong)i).Shard));
        Assert.InRange(Enumerable.Range(0, 2560).Select(i => StreamId.Service($"s{i}").Shard).Distinct().Count(), 250, StreamId.Shards);
    }

    [Fact]
    public void An_incident_is_in_the_shard_of_the_service_that_it_was_opened_on() => Assert.All(Enumerable.Range(0, StreamId.Shards),
        shard => Assert.Equal(shard, StreamId.Incident(CommandId.Of($"{shard}").IncidentId(Some.Now, shard)).Shard));

    [Fact]
    public void Incidents_opened_by_two_commands_at_once_on_one_service_differ() =>
        Assert.NotEqual(CommandId.Of("a").IncidentId(Some.Now, 7), CommandId.Of("b").IncidentId(Some.Now, 7));

    [Theory]
    [InlineData("ann")]
    [InlineData("on-call-lead")]
    [InlineData("9")]
    public void Pages_and_tests_are_in_their_responders_shard(string responder)
    {
        var shard = StreamId.Responder(responder).Shard;
        Assert.Equal(shard, StreamId.Page(PageContent.IdOf(Some.Incident, 2, 10, responder, 3)).Shard);
        Assert.Equal(shard, StreamId.Page($"test-{Some.Incident}-{responder}-0").Shard);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a-b-c")]
    [InlineData("a-1-0--0")]
    [InlineData("test-a")]
    public void Another_page_id_is_placed_by_itself(string id) => Assert.InRange(StreamId.Page(id).Shard, 0, StreamId.Shards - 1);

    [Theory]
    [InlineData("")]
    [InlineData("incident/")]
    [InlineData("nothing/a")]
    public void What_is_not_a_stream_is_refused(string text) => Assert.Throws<FormatException>(() => StreamId.Parse(text));
}
