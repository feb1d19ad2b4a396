using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>A proxy before the database that passes no notification on, as a transaction pooler does. The connection must not be encrypted.</summary>
public sealed class NotificationDroppingProxy : IDisposable
{
    // https://www.postgresql.org/docs/current/protocol-message-formats.html
    private const byte NotificationResponse = (byte)'A';
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public NotificationDroppingProxy(int target)
    {
        listener.Start();
        _ = AcceptAsync(target);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync(int target)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync();
                var far = new TcpClient { NoDelay = true };
                await far.ConnectAsync(IPAddress.Loopback, target);
                _ = UntilClosedAsync(near, far, near.GetStream().CopyToAsync(far.GetStream()));
                _ = UntilClosedAsync(near, far, CarryAsync(far.GetStream(), near.GetStream()));
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var head = new byte[5];
        while (true)
        {
            await from.ReadExactlyAsync(head);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await from.ReadExactlyAsync(body);
            if (head[0] == NotificationResponse)
                continue;
            await to.WriteAsync((byte[])[.. head, .. body]);
        }
    }

    private static async Task UntilClosedAsync(TcpClient near, TcpClient far, Task carrying)
    {
        try
        {
            await carrying;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or SocketException)
        {
            // Closed at one end.
        }
        near.Dispose();
        far.Dispose();
    }
}
