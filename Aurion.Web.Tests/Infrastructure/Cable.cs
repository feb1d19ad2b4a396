using System.Net;
using System.Net.Sockets;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>A wire between the application and its database that a test can pull out and put back.</summary>
public sealed class Cable : IDisposable
{
    private readonly List<Socket> ends = [];
    private readonly int target;
    private TcpListener listener;

    public Cable(int target)
    {
        this.target = target;
        listener = new TcpListener(IPAddress.Loopback, 0);
        Plug();
    }

    public int Port { get; private set; }

    /// <summary>Ends every connection; new ones are refused.</summary>
    public void Pull()
    {
        listener.Stop();
        lock (ends)
        {
            ends.ForEach(end => end.Dispose());
            ends.Clear();
        }
    }

    public void Plug()
    {
        if (Port != 0)
            listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync(listener);
    }

    public void Dispose() => Pull();

    private async Task AcceptAsync(TcpListener open)
    {
        try
        {
            while (true)
            {
                var near = await open.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await far.ConnectAsync(IPAddress.Loopback, target);
                lock (ends)
                    ends.AddRange([near, far]);
                _ = CarryAsync(near, far);
                _ = CarryAsync(far, near);
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Pulled.
        }
    }

    private static async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
                await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Pulled.
        }
        from.Dispose();
        to.Dispose();
    }
}
