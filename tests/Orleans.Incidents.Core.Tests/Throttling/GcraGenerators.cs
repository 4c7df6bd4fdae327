using FsCheck;
using FsCheck.Fluent;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Core.Tests.Throttling;

/// <summary>One charge of a generated row: a clock reading and a cost.</summary>
public sealed record Ask(Instant At, long Cost);

/// <summary>A budget and a row of charges against it.</summary>
public sealed record Row(Budget Budget, Ask[] Asks)
{
    /// <summary>Charges one after the other; returns what was allowed.</summary>
    public (List<Ask> Allowed, GcraState State) Run()
    {
        var (allowed, state) = (new List<Ask>(), GcraState.Full);
        foreach (var ask in Asks)
        {
            var charge = Gcra.Charge(Budget, state, ask.At, ask.Cost);
            state = charge.State;
            if (charge.Allowed)
                allowed.Add(ask);
        }

        return (allowed, state);
    }

    public override string ToString() => $"{Budget} {string.Join(' ', Asks.Select(a => $"{a.At.ToUnixTimeTicks()}:{a.Cost}"))}";
}

/// <summary>Budgets whose period does not divide evenly, and steps around the time of one unit, where mistakes live.</summary>
internal static class GcraGenerators
{
    public static readonly Instant Start = Instant.FromUtc(2026, 3, 1, 12, 0);

    public static readonly Gen<Budget> Budgets =
        from count in Gen.Elements(1L, 2, 3, 7, 60, 1000, 999_983)
        from period in Gen.Elements(1L, 10, 1_000_000_000, 1_000_000_007, 60_000_000_000, 86_400_000_000_000)
        from burst in Gen.Choose(1, 12)
        select new Budget(count, Duration.FromNanoseconds(period), burst);

    public static Arbitrary<Row> Forwards { get; } = Rows(backwards: false);

    public static Arbitrary<Row> AnyClock { get; } = Rows(backwards: true);

    private static Arbitrary<Row> Rows(bool backwards) => (
        from budget in Budgets
        from asks in Asks(budget, backwards).ListOf(40)
        select new Row(budget, [.. Accumulate(asks)])).ToArbitrary();

    private static Gen<(long Step, long Cost)> Asks(Budget budget, bool backwards)
    {
        var unit = Math.Max(1, budget.Period.ToInt64Nanoseconds() / budget.Count);
        var steps = Gen.OneOf(
            Gen.Constant(0L),
            Gen.Elements(1L, unit - 1, unit, unit + 1, 2 * unit, unit * budget.Burst),
            Gen.Choose(0, 300).Select(percent => unit * percent / 100),
            backwards ? Gen.Choose(-500, 0).Select(percent => unit * percent / 100) : Gen.Constant(unit / 2));
        return from step in steps from cost in Gen.Choose(1, (int)budget.Burst + 1) select (step, (long)cost);
    }

    private static IEnumerable<Ask> Accumulate(IEnumerable<(long Step, long Cost)> asks)
    {
        var at = Start;
        foreach (var (step, cost) in asks)
            yield return new Ask(at = at.PlusNanoseconds(step), cost);
    }
}
