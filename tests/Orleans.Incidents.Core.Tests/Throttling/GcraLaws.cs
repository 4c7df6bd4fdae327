using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Core.Tests.Throttling;

/// <summary>What holds for every budget and every row of charges.</summary>
public class GcraLaws
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void In_any_window_at_most_burst_plus_rate_times_window_is_allowed() =>
        Hold(GcraGenerators.Forwards, row => Windows(row.Run().Allowed).All(w => Fits(row.Budget, w.Cost, w.Length)));

    [Fact]
    public void A_clock_that_jumps_back_and_forth_still_cannot_exceed_the_window() =>
        Hold(GcraGenerators.AnyClock, row =>
        {
            var allowed = row.Run().Allowed;
            return Subrows(allowed).All(part => Fits(row.Budget, part.Sum(a => a.Cost), part.Max(a => a.At) - part.Min(a => a.At)));
        });

    [Fact]
    public void A_clock_that_went_back_allows_no_more_than_one_that_stood_still() =>
        Hold(GcraGenerators.AnyClock, row =>
        {
            var (_, state) = row.Run();
            var now = row.Asks[^1].At;
            return Enumerable.Range(0, 20).All(back =>
                Gcra.Available(row.Budget, state, now - row.Budget.Period * back) <= Gcra.Available(row.Budget, state, now));
        });

    [Fact]
    public void Decisions_equal_those_of_an_exact_token_bucket() =>
        Hold(GcraGenerators.Forwards, row => row.Run().Allowed.SequenceEqual(TokenBucket(row)));

    [Fact]
    public void Demand_that_stays_under_the_rate_is_never_refused() =>
        Hold(GcraGenerators.Forwards, row =>
        {
            var (at, state) = (GcraGenerators.Start, GcraState.Full);
            foreach (var ask in row.Asks.Where(a => a.Cost <= row.Budget.Burst))
            {
                // The time that earns the cost, rounded up, passes before each charge.
                at = at.PlusNanoseconds((long)(((Int128)ask.Cost * row.Budget.Period.ToInt64Nanoseconds() + row.Budget.Count - 1) / row.Budget.Count));
                var charge = Gcra.Charge(row.Budget, state, at, ask.Cost);
                if (!charge.Allowed)
                    return false;
                state = charge.State;
            }

            return true;
        });

    [Fact]
    public void An_unused_budget_is_whole_again_after_its_filling_time_and_not_before_it_is_earned() =>
        Hold(GcraGenerators.Forwards, row =>
        {
            var budget = row.Budget;
            var (allowed, state) = row.Run();
            if (allowed.Count == 0)
                return true;
            var empty = Gcra.Charge(budget, GcraState.Full, allowed[^1].At, budget.Burst).State;
            var filled = allowed[^1].At + Duration.FromNanoseconds(((Int128)budget.Burst * budget.Period.ToInt64Nanoseconds() + budget.Count - 1) / budget.Count);
            return Gcra.Available(budget, state, filled) == budget.Burst
                && Gcra.Available(budget, empty, filled) == budget.Burst
                && Gcra.Available(budget, empty, filled.PlusNanoseconds(-1)) < budget.Burst;
        });

    [Fact]
    public void A_refused_charge_is_allowed_at_its_retry_after_and_not_a_nanosecond_earlier() =>
        Hold(GcraGenerators.AnyClock, row =>
        {
            var (_, state) = row.Run();
            return row.Asks.All(ask => Gcra.Charge(row.Budget, state, ask.At, ask.Cost) switch
            {
                { Allowed: true, RetryAfter: null } => true,
                { Allowed: false, RetryAfter: null } => ask.Cost > row.Budget.Burst,
                { Allowed: false, RetryAfter: { } wait } refused => refused.State == state && wait > Duration.Zero
                    && Gcra.Charge(row.Budget, state, ask.At + wait, ask.Cost).Allowed
                    && !Gcra.Charge(row.Budget, state, (ask.At + wait).PlusNanoseconds(-1), ask.Cost).Allowed,
                _ => false,
            });
        });

    [Fact]
    public void What_is_available_is_exactly_what_a_charge_allows() =>
        Hold(GcraGenerators.AnyClock, row =>
        {
            var (_, state) = row.Run();
            return row.Asks.All(ask => Gcra.Charge(row.Budget, state, ask.At, ask.Cost).Allowed == ask.Cost <= Gcra.Available(row.Budget, state, ask.At));
        });

    [Fact]
    public void A_change_of_budget_never_forgets_what_is_owed() =>
        Hold(GcraGenerators.Forwards, row =>
        {
            var (_, state) = row.Run();
            var other = row.Budget with { Count = row.Budget.Count + 1 };
            var moved = Gcra.Charge(other, state, row.Asks[^1].At, 1);
            return moved.State.TheoreticalArrival >= state.TheoreticalArrival;
        });

    private static void Hold(Arbitrary<Row> rows, Func<Row, bool> law) =>
        Check.One(Config, Prop.ForAll(rows, row => row.Asks.Length == 0 || law(row)));

    private static bool Fits(Budget budget, long cost, Duration window) =>
        (BigInteger)(cost - budget.Burst) * budget.Period.ToBigIntegerNanoseconds() <= window.ToBigIntegerNanoseconds() * budget.Count;

    private static IEnumerable<(long Cost, Duration Length)> Windows(List<Ask> allowed) =>
        Subrows(allowed).Select(part => (part.Sum(a => a.Cost), part[^1].At - part[0].At));

    private static IEnumerable<List<Ask>> Subrows(List<Ask> allowed) =>
        from first in Enumerable.Range(0, allowed.Count)
        from last in Enumerable.Range(first, allowed.Count - first)
        select allowed.GetRange(first, last - first + 1);

    /// <summary>The textbook bucket, in whole parts of 1/period of a token: another algorithm with the same meaning.</summary>
    private static List<Ask> TokenBucket(Row row)
    {
        var period = row.Budget.Period.ToBigIntegerNanoseconds();
        var (full, last, allowed) = (row.Budget.Burst * period, row.Asks[0].At, new List<Ask>());
        var tokens = full;
        foreach (var ask in row.Asks)
        {
            tokens = BigInteger.Min(full, tokens + (ask.At - last).ToBigIntegerNanoseconds() * row.Budget.Count);
            last = ask.At;
            if (ask.Cost * period > tokens)
                continue;
            tokens -= ask.Cost * period;
            allowed.Add(ask);
        }

        return allowed;
    }
}
