using Incidents.Fuzz.Targets;

namespace Incidents.Fuzz;

/// <summary>What strangers write keeps the laws of whoever reads it, input by input.</summary>
public sealed class PureTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names { get; } = [.. AllTargets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_input_breaks_a_law(string name)
    {
        var target = AllTargets.Find(name);
        if (Settings.Replay is { } replay)
        {
            Replay(target, replay);
            return;
        }

        var tally = Fuzzer.Run(target, Settings.Seed, AllTargets.Inputs(target, Settings.Inputs));
        output.WriteLine($"{name}: {tally.Inputs} inputs, {tally.Outcomes} kinds of outcome");
        Assert.True(tally.Outcomes > 3, $"{name} has {tally.Outcomes} kinds of outcome only: nothing is tried");
    }

    /// <summary>The same seed makes the same inputs, or a failure could not be seen again.</summary>
    [Fact]
    public void A_run_is_the_same_again()
    {
        var target = AllTargets.Find("matchers");
        Assert.Equal(Fuzzer.Run(target, 7, 500), Fuzzer.Run(target, 7, 500));
    }

    private static void Replay(ITarget target, string replay)
    {
        var colon = replay.LastIndexOf(':');
        if (replay[..colon] == target.Name)
            Fuzzer.Try(target, Settings.Seed, Convert.FromBase64String(replay[(colon + 1)..]));
    }
}
