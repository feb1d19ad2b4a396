using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aurion.Bench;

/// <summary>One keep-alive connection that sends prepared bytes and reads one answer: the load must cost less than what it measures.</summary>
internal sealed class HttpConnection(Uri target, IPAddress? from = null) : IAsyncDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[256 * 1024];

    public Task ConnectAsync()
    {
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        return socket.ConnectAsync(target.Host, target.Port);
    }

    public static byte[] Request(string method, Uri target, string path, byte[] body, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {target.Authority}\r\n");
        foreach (var (name, value) in headers)
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (body.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n");
        return [.. Encoding.ASCII.GetBytes(text.Append("\r\n").ToString()), .. body];
    }

    /// <summary>Sends the request and returns the status once the whole answer is read.</summary>
    public async Task<int> SendAsync(byte[] request)
    {
        await socket.SendAsync(request);
        var (length, end) = (0, -1);
        while (end < 0 || length < end)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                throw new IOException("The server closed the connection.");
            length += read;
            if (end < 0)
                end = EndOf(buffer.AsSpan(0, length));
        }
        return (buffer[9] - '0') * 100 + (buffer[10] - '0') * 10 + (buffer[11] - '0');
    }

    // The end of the answer by Content-Length, or of its last chunk; -1 while it is not known.
    private static int EndOf(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return -1;
        var at = answer[..head].IndexOf("Content-Length: "u8);
        if (at < 0)
            return answer.EndsWith("\r\n0\r\n\r\n"u8) ? answer.Length : -1;
        var value = answer[(at + 16)..head];
        var line = value.IndexOf((byte)'\r');
        return head + 4 + int.Parse(line < 0 ? value : value[..line], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
