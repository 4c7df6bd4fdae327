using System.Text.RegularExpressions;

namespace Incidents.Conventions;

/// <summary>Time, chance and waiting come from outside, so that a run can be repeated.</summary>
public partial class PurityTests
{
    [Fact]
    public void Core_and_engine_read_no_clock_and_draw_nothing_by_chance() =>
        Assert.Empty(Found(Clocks(), [.. Sources.Below("src/Orleans.Incidents.Core"), .. Sources.Below("src/Orleans.Incidents.Engine")]));

    [Fact]
    public void Core_has_no_task_no_thread_and_no_file() => Assert.Empty(Found(Outside(), Sources.Below("src/Orleans.Incidents.Core")));

    [Fact]
    public void No_test_sleeps() => Assert.Empty(Found(Sleeps(), Tests()));

    [Fact]
    public void Only_the_shared_helpers_skip() =>
        Assert.Empty(Found(Skips(), [.. Tests().Where(f => !f.Path.StartsWith("tests/Shared/", StringComparison.Ordinal))]));

    [Fact]
    public void Nothing_is_left_unimplemented() => Assert.Empty(Found(Unfinished(), [.. Sources.Below("src"), .. Tests(), .. Sources.Below("load")]));

    private static IReadOnlyList<SourceFile> Tests() =>
        [.. Sources.Below("tests").Where(f => !f.Path.StartsWith("tests/Orleans.Incidents.Conventions/", StringComparison.Ordinal))];

    private static IEnumerable<string> Found(Regex what, IReadOnlyList<SourceFile> where)
    {
        Assert.NotEmpty(where);
        return where.SelectMany(file => file.Code.Where(line => what.IsMatch(line)).Select(line => $"{file}: {line.Trim()}"));
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Now|UtcNow|Today)|\bGuid\.NewGuid|\bnew Random\(|\bRandom\.Shared|\bRandomNumberGenerator\b|\bSystemClock\b|\bStopwatch\b|\bEnvironment\.TickCount|\bTimeProvider\.System\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Clocks();

    [GeneratedRegex(@"\basync\b|\bawait\b|\bThread\b|\bTask\.|\bFile\.|\bDirectory\.|\bConsole\.|\bEnvironment\.", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Outside();

    [GeneratedRegex(@"\bThread\.Sleep|\bTask\.Delay|\bSpinWait\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Sleeps();

    [GeneratedRegex(@"\bAssert\.Skip|\bSkip\s*=|\bSkipUnless\b|\bSkipWhen\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Skips();

    [GeneratedRegex(@"\bNotImplementedException\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Unfinished();
}
