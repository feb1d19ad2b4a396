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
}
