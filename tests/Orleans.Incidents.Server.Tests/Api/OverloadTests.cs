using Incidents.Audit;
using Incidents.Server.Api;

namespace Incidents.Server.Tests.Api;

public class OverloadTests
{
    /// <summary>Alertmanager repeats a 5xx and gives up on a 429: a server that is full must say the former.</summary>
    [Theory]
    [InlineData(1, "on its way")]
    [InlineData(24, "no longer known")]
    public void An_alert_for_another_process_is_on_its_way_for_as_long_as_its_id_is_kept_and_no_longer(int hours, string said) =>
        Assert.Contains(said, ReceiptsApi.Sent(NodaTime.Duration.FromHours(hours)));

    [Fact]
    public void Whoever_asks_for_what_no_node_owns_at_the_moment_may_ask_again() => Assert.Equal(503, Problems.Status(Reason.OwnerUnreachable));

    [Fact]
    public void What_waits_for_a_node_of_an_older_version_to_leave_may_be_sent_again() => Assert.Equal(503, Problems.Status(Reason.NodesOfAnOlderVersion));

    [Fact]
    public void A_full_server_answers_what_senders_repeat() => Assert.Equal(503, Problems.Status(Reason.Overloaded));
}
