using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Incidents.Testing;

/// <summary>PostgreSQL's own programs as Debian installs them. Its server refuses to run as root, and so they run as its user then. The load program uses this file too.</summary>
internal static class PostgresPrograms
{
    public const string Folder = "/usr/lib/postgresql/15/bin";

    /// <summary>Whether they are on this machine.</summary>
    public static bool IsPresent { get; } = File.Exists(Path.Combine(Folder, "initdb"));

    /// <summary>Gives a folder to the user that the server will run as.</summary>
    public static void Own(string folder)
    {
        if (Environment.UserName == "root")
            Execute("chown", "-R", "postgres", folder);
    }

    /// <summary>Runs one of the programs as the user that the server runs as.</summary>
    public static string RunAsOwner(string program, params string[] arguments)
    {
        string[] command = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];
        string[] all = [.. command, Path.Combine(Folder, program), .. arguments];
        return Execute(all[0], all[1..]);
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static string Execute(string program, params string[] arguments)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        process.Start();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Result}");
    }

    /// <summary>A port that nobody listens on, and that no connection is given by chance before somebody does: systems give those from 32768 on, or higher.</summary>
    public static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(10_000, 32_768));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Another one, then.
            }
        }
    }
}
