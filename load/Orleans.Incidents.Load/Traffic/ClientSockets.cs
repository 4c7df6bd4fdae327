using System.Diagnostics;

namespace Incidents.Load.Traffic;

/// <summary>
/// The client shares the machine with what it measures. Answers are handled on the one thread that waits for all sockets,
/// which spares a thread switch per answer.
/// </summary>
internal static class ClientSockets
{
    private static readonly KeyValuePair<string, string>[] Settings =
    [
        new("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"),
        new("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1"),
    ];

    /// <summary>Takes effect only before the first socket of the process, which is when the runtime reads these settings.</summary>
    public static void RunOnOneThread()
    {
        foreach (var (name, value) in Settings)
            Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>A server under measurement must not inherit the client's settings.</summary>
    public static void RemoveFrom(ProcessStartInfo child)
    {
        foreach (var (name, _) in Settings)
            child.Environment.Remove(name);
    }
}
