using System.Diagnostics;
using System.Globalization;

namespace Incidents.Fuzz.Engine;

/// <summary>Time that this thread itself worked, where the system tells it: other work on the machine makes any call seem slow.</summary>
internal static class ThreadTime
{
    private const string Path = "/proc/thread-self/schedstat";

    public static TimeSpan Now => File.Exists(Path)
        ? TimeSpan.FromTicks(long.Parse(File.ReadAllText(Path).Split(' ')[0], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick)
        : Stopwatch.GetElapsedTime(0);

    /// <summary>The least of several goes: what a pause of the runtime's own added to one of them does not count.</summary>
    public static TimeSpan Least(int goes, Action run)
    {
        var least = TimeSpan.MaxValue;
        for (var go = 0; go < goes; go++)
        {
            var before = Now;
            run();
            var took = Now - before;
            least = took < least ? took : least;
        }

        return least;
    }
}
