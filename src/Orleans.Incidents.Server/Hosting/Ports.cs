using System.Net;
using System.Net.Sockets;
using Incidents.Journal;

namespace Incidents.Server.Hosting;

/// <summary>
/// Looks at the ports before anything is made: a first start that fails at a busy port must not have made a token that it then
/// never prints.
/// </summary>
internal static class Ports
{
    /// <exception cref="JournalRefusedException">A port is in use; one line.</exception>
    public static void RequireFree(IEnumerable<string> urls)
    {
        foreach (var address in urls.Select(BindingAddress.Parse).Where(a => a.Port != 0))
        {
            var host = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
            using var listener = new TcpListener(host, address.Port);
            try
            {
                listener.Start();
            }
            catch (SocketException taken)
            {
                throw new JournalRefusedException($"cannot listen on {address}: {taken.Message}");
            }
        }
    }
}
