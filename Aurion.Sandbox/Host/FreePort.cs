using System.Net;
using System.Net.Sockets;

namespace Aurion.Sandbox.Host;

internal static class FreePort
{
    /// <summary>A port of the system's choice.</summary>
    public static int Any()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The wanted port, or the next one that nobody listens on and that is not in <paramref name="taken"/>.</summary>
    public static int From(int wanted, HashSet<int> taken)
    {
        for (var port = wanted; port <= IPEndPoint.MaxPort; port++)
        {
            if (!taken.Contains(port) && IsFree(port))
                return port;
        }
        throw new SandboxException($"No free port from {wanted} upwards.");
    }

    private static bool IsFree(int port)
    {
        // Listening on every address finds a listener on any of them.
        using var listener = new TcpListener(IPAddress.Any, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
