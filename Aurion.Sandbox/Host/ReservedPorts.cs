using System.Net;
using System.Net.Sockets;

namespace Aurion.Sandbox.Host;

/// <summary>Ports that are ours from the moment they were chosen: a second sandbox that starts meanwhile steps aside.</summary>
internal sealed class ReservedPorts : IDisposable
{
    private readonly Dictionary<int, TcpListener> held = [];

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

    /// <summary>Gives a port to the server that is about to listen on it.</summary>
    public int Release(int port)
    {
        if (held.Remove(port, out var listener))
            listener.Dispose();
        return port;
    }

    public int Release(string address) => Release(new Uri(address).Port);

    public void Dispose()
    {
        foreach (var port in held.Keys.ToList())
            Release(port);
    }

    private bool TryHold(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            held.Add(port, listener);
            return true;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return false;
        }
    }
}
