using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aurion.Sandbox.Mail;

/// <summary>Accepts SMTP connections on loopback until it is disposed.</summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly Mailbox mailbox;
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    private SmtpListener(int port, Mailbox mailbox)
    {
        this.mailbox = mailbox;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static SmtpListener Start(int port, Mailbox mailbox) => new(port, mailbox);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await listener.AcceptTcpClientAsync(stop.Token), stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task TalkAsync(TcpClient client, CancellationToken ct)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                // Latin-1 keeps every byte as one character.
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                await new SmtpSession(reader, writer, mailbox).RunAsync(ct);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The client hung up, or we stop.
            }
        }
    }
}
