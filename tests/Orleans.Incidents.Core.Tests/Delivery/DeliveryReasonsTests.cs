using Incidents.Delivery;

namespace Incidents.Core.Tests.Delivery;

public class DeliveryReasonsTests
{
    [Fact]
    public void Every_reason_has_a_verdict() => Assert.All(Enum.GetValues<DeliveryReason>(), r => Assert.True(Enum.IsDefined(r.Verdict())));

    [Fact]
    public void Only_an_accepted_page_counts_as_delivered() =>
        Assert.Equal([DeliveryReason.Accepted], Enum.GetValues<DeliveryReason>().Where(r => r.Verdict() == DeliveryVerdict.Delivered));

    [Fact]
    public void A_result_carries_the_verdict_of_its_reason() =>
        Assert.Equal(DeliveryVerdict.GiveUp, DeliveryResult.Of(DeliveryReason.Gone, "410").Verdict);

    [Fact]
    public void A_number_that_is_no_reason_is_a_broken_invariant() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DeliveryReason)999).Verdict());
}
