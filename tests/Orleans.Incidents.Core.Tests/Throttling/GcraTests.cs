using Incidents.Throttling;
using NodaTime;

namespace Incidents.Core.Tests.Throttling;

public class GcraTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly Budget ThreeASecond = new(3, Duration.FromSeconds(1), 5);

    [Fact]
    public void Charge_FullBudget_AllowsTheBurstAtOnceAndNoMore()
    {
        var state = GcraState.Full;
        for (var i = 0; i < 5; i++)
            state = Allowed(Gcra.Charge(ThreeASecond, state, Noon, 1));

        var sixth = Gcra.Charge(ThreeASecond, state, Noon, 1);

        Assert.False(sixth.Allowed);
        Assert.Equal(state, sixth.State);
        Assert.Equal(Duration.FromNanoseconds(333_333_334L), sixth.RetryAfter);
    }

    [Fact]
    public void Charge_ThirdsOfASecond_LoseNothingOverAMillionCharges()
    {
        var state = Allowed(Gcra.Charge(ThreeASecond, GcraState.Full, Noon, 5));
        for (var second = 1; second <= 333_334; second++)
            state = Allowed(Gcra.Charge(ThreeASecond, state, Noon + Duration.FromSeconds(second), 3));

        Assert.False(Gcra.Charge(ThreeASecond, state, Noon + Duration.FromSeconds(333_334), 1).Allowed);
    }

    [Fact]
    public void Charge_MoreThanTheBurst_IsRefusedWithoutRetryAfter()
    {
        var charge = Gcra.Charge(ThreeASecond, GcraState.Full, Noon, 6);

        Assert.Equal(new GcraCharge(false, GcraState.Full, null), charge);
    }

    [Fact]
    public void Charge_AfterTheClockWentBackAnHour_StillOwesWhatWasSpent()
    {
        var state = Allowed(Gcra.Charge(ThreeASecond, GcraState.Full, Noon, 5));

        var charge = Gcra.Charge(ThreeASecond, state, Noon - Duration.FromHours(1), 1);

        Assert.False(charge.Allowed);
        Assert.Equal(Duration.FromHours(1) + Duration.FromNanoseconds(333_333_334L), charge.RetryAfter);
    }

    [Fact]
    public void Charge_LargestBudget_DoesNotOverflow()
    {
        var budget = new Budget(long.MaxValue, Gcra.Longest, long.MaxValue);

        var state = Allowed(Gcra.Charge(budget, GcraState.Full, Noon, long.MaxValue));

        Assert.Equal(0, Gcra.Available(budget, state, Noon));
        Assert.Equal(long.MaxValue, Gcra.Available(budget, state, Noon + Gcra.Longest));
    }

    [Fact]
    public void Charge_EarliestInstant_DoesNotOverflow() =>
        Assert.True(Gcra.Charge(ThreeASecond, GcraState.Full, Instant.MinValue, 5).Allowed);

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1, 316_224_001, 1, 1)]
    [InlineData(2, 316_224_001, 1, 1)]
    [InlineData(1, 316_224_000, 2, 1)]
    public void Charge_OutOfRange_Throws(long count, long seconds, long burst, long cost) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Gcra.Charge(new Budget(count, Duration.FromSeconds(seconds), burst), GcraState.Full, Noon, cost));

    [Fact]
    public void Available_OutOfRange_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Gcra.Available(ThreeASecond with { Burst = 0 }, GcraState.Full, Noon));

    [Fact]
    public void Charge_ThreeThirdsOfASecond_LeaveTheStateOfOneWholeSecond()
    {
        var state = GcraState.Full;
        for (var i = 0; i < 3; i++)
            state = Allowed(Gcra.Charge(ThreeASecond, state, Noon, 1));

        Assert.Equal(new GcraState(Noon + Duration.FromSeconds(1), 0, 1), state);
    }

    [Theory]
    [InlineData(1, 333_333_334)]
    [InlineData(3, 1_000_000_000)]
    public void Charge_UnderAnotherCount_OwesTheFractionOfANanosecondAsAWholeOne(long spent, long owed)
    {
        var state = Allowed(Gcra.Charge(ThreeASecond, GcraState.Full, Noon, spent));

        var charge = Gcra.Charge(ThreeASecond with { Count = 1 }, state, Noon, 1);

        Assert.Equal(new GcraState(Noon + Duration.FromSeconds(1) + Duration.FromNanoseconds(owed), 0, 1), charge.State);
    }

    [Fact]
    public void Available_FullBudget_IsTheBurst() => Assert.Equal(5, Gcra.Available(ThreeASecond, GcraState.Full, Noon));

    private static GcraState Allowed(GcraCharge charge)
    {
        Assert.True(charge.Allowed);
        Assert.Null(charge.RetryAfter);
        return charge.State;
    }
}
