using System.Net;
using System.Net.Sockets;

namespace Aurion.Sandbox.Host;

/// <summary>
/// Ports that are ours from the moment they were chosen until the end: a second sandbox steps aside, also while a port's server
/// has yet to start. The sign is the UDP port of the same number, which nobody else uses and no crash can leave behind.
/// </summary>
internal sealed class ReservedPorts : IDisposable
{
    private readonly List<Socket> held = [];

    /// <summary>The wanted port, or the next one that is free and not in <paramref name="others"/>.</summary>
    public int Take(int wanted, IReadOnlySet<int> others)
    {
        for (var port = wanted; port <= IPEndPoint.MaxPort; port++)
        {
            if (!others.Contains(port) && TryHold(port))
                return port;
        }
        throw new SandboxException($"No free port from {wanted} upwards.");
    }

    public void Dispose() => held.ForEach(socket => socket.Dispose());

    private bool TryHold(int port)
    {
        var sign = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
        try
        {
            sign.Bind(new IPEndPoint(IPAddress.Loopback, port));
            // Programs that are no sandbox give no sign.
            using (var listener = new TcpListener(IPAddress.Loopback, port))
                listener.Start();
            held.Add(sign);
            return true;
        }
        catch (SocketException)
        {
            sign.Dispose();
            return false;
        }
    }
}
