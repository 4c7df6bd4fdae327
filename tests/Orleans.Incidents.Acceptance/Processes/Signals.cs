using System.Runtime.InteropServices;

namespace Incidents.Acceptance.Processes;

/// <summary>What a process that the tests started is told.</summary>
internal static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Send(int process, int signal)
    {
        if (SendTo(process, signal) != 0)
            throw new InvalidOperationException($"signal {signal} was not delivered: error {Marshal.GetLastPInvokeError()}");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendTo(int process, int signal);
}
