using System.Globalization;

namespace Incidents.Acceptance.Processes;

/// <summary>The clock of a server process, which a test moves while it runs. Timers and durations are not touched, as when a machine's clock is set.</summary>
internal sealed class MovableClock
{
    private readonly string _file;
    private readonly string _library;

    /// <summary>A clock that is right; skips the running test where libfaketime is absent.</summary>
    public MovableClock(Folder folder)
    {
        const string Name = "libfaketime.so.1";
        _library = Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib").Select(d => Path.Combine(d, "faketime", Name)).FirstOrDefault(File.Exists) ?? "" : "";
        if (_library.Length == 0)
            Tool.Absent(Name);
        _file = folder.At("clock");
        Set(TimeSpan.Zero);
    }

    /// <summary>What the server's environment needs, together with what else it needs.</summary>
    public Dictionary<string, string> With(IReadOnlyDictionary<string, string> environment) => new(environment)
    {
        ["LD_PRELOAD"] = _library, ["FAKETIME_TIMESTAMP_FILE"] = _file, ["FAKETIME_NO_CACHE"] = "1", ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", ["DONT_FAKE_MONOTONIC"] = "1",
    };

    /// <summary>How far it is from the right time from now on.</summary>
    public void Set(TimeSpan off)
    {
        // In one step: it is read at every look at the clock.
        File.WriteAllText(_file + ".new", off.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture));
        File.Move(_file + ".new", _file, overwrite: true);
    }
}
