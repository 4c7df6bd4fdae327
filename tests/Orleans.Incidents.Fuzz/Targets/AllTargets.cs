using Incidents.Fuzz.Targets.Intake;

namespace Incidents.Fuzz.Targets;

/// <summary>Every target that needs no running server.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<ITarget> All { get; } =
    [
        .. IntakeTargets.All, new MatcherTarget(), new PatternTarget(), new DurationTarget(), new ConfigTarget(), new AlertmanagerFileTarget(), new ReceiptBlockTarget(), new PreconditionTarget(), new OptionsTarget(), new CommandLineTarget(),
    ];

    public static ITarget Find(string name) => All.First(t => t.Name == name);

    /// <summary>A target's part of all inputs.</summary>
    public static int Inputs(ITarget target, int all) => Math.Max(10, (int)(all * target.Share / All.Sum(t => t.Share)));
}
