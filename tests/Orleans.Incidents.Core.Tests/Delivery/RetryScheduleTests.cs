using Incidents.Delivery;
using NodaTime;

namespace Incidents.Core.Tests.Delivery;

public class RetryScheduleTests
{
    private static readonly RetryPolicy Paging = RetryPolicy.Paging;

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 15)]
    [InlineData(3, 30)]
    [InlineData(4, 60)]
    [InlineData(5, 120)]
    [InlineData(6, 300)]
    [InlineData(7, 600)]
    [InlineData(8, 900)]
    [InlineData(9, 900)]
    [InlineData(200, 900)]
    public void Next_ManyPages_SpreadOverTheWholeStepAndNotBeyond(int attempt, int seconds)
    {
        var waits = Enumerable.Range(0, 2000).Select(page => RetrySchedule.Next(Paging, $"page-{page}", attempt, Duration.Zero)!.Value).ToList();
        var step = Duration.FromSeconds(seconds);

        Assert.All(waits, wait => Assert.InRange(wait, Duration.Epsilon, step));
        Assert.InRange(waits.Average(w => w / step), 0.45, 0.55);
        Assert.True(waits.Min() < step * 0.02 && waits.Max() > step * 0.98);
    }

    [Fact]
    public void Next_SamePageAndAttempt_IsTheSameWait() =>
        Assert.Equal(RetrySchedule.Next(Paging, "p", 3, Duration.Zero), RetrySchedule.Next(Paging, "p", 3, Duration.FromHours(1)));

    [Fact]
    public void Next_OtherPageOrAttempt_IsAnotherPartOfTheStep()
    {
        var wait = RetrySchedule.Next(Paging, "p", 8, Duration.Zero);

        Assert.NotEqual(wait, RetrySchedule.Next(Paging, "q", 8, Duration.Zero));
        Assert.NotEqual(wait, RetrySchedule.Next(Paging, "p", 9, Duration.Zero));
    }

    [Fact]
    public void Next_RetryAfterLongerThanTheStep_IsHonoured() =>
        Assert.Equal(Duration.FromMinutes(7), RetrySchedule.Next(Paging, "p", 1, Duration.Zero, Duration.FromMinutes(7)));

    [Fact]
    public void Next_RetryAfterOfADay_IsCappedAtAQuarterOfAnHour() =>
        Assert.Equal(Duration.FromMinutes(15), RetrySchedule.Next(Paging, "p", 1, Duration.Zero, Duration.FromDays(1)));

    [Fact]
    public void Next_RetryAfterShorterThanTheJitteredStep_ChangesNothing() =>
        Assert.Equal(RetrySchedule.Next(Paging, "p", 9, Duration.Zero), RetrySchedule.Next(Paging, "p", 9, Duration.Zero, Duration.Epsilon));

    [Fact]
    public void Next_AttemptThatWouldStartAtTheEnd_IsStillMade()
    {
        var wait = RetrySchedule.Next(Paging, "p", 9, Duration.Zero)!.Value;

        Assert.Equal(wait, RetrySchedule.Next(Paging, "p", 9, Duration.FromHours(24) - wait));
        Assert.Null(RetrySchedule.Next(Paging, "p", 9, Duration.FromHours(24) - wait + Duration.Epsilon));
    }

    [Fact]
    public void Next_FollowedToTheEnd_TriesForADayAndThenGivesUp()
    {
        var (since, attempts) = (Duration.Zero, 1);
        while (RetrySchedule.Next(Paging, "page", attempts, since) is { } wait)
            (since, attempts) = (since + wait, attempts + 1);

        Assert.InRange(since, Duration.FromHours(24) - Duration.FromMinutes(15), Duration.FromHours(24));
        Assert.InRange(attempts, 100, 300);
    }

    [Fact]
    public void Next_AttemptZero_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.Next(Paging, "p", 0, Duration.Zero));

    [Fact]
    public void Next_NoSteps_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.Next(Paging with { Steps = [] }, "p", 1, Duration.Zero));

    [Fact]
    public void Verdict_EveryReason_HasOne() =>
        Assert.All(Enum.GetValues<DeliveryReason>(), reason => Assert.Equal(reason.Verdict(), DeliveryResult.Of(reason, "").Verdict));
}
