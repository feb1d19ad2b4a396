using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using ServiceProvider = SmtpServer.ComponentModel.ServiceProvider;

namespace Aurion.Sandbox.Mail;

/// <summary>The SMTP server of the mailbox, on loopback only. Any credentials are taken.</summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    private const int LargestMessage = 10 * 1024 * 1024;

    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    private SmtpListener(int port, int? tlsPort, Task running, CancellationTokenSource stop)
    {
        (Port, TlsPort, this.running, this.stop) = (port, tlsPort, running, stop);
    }

    public int Port { get; }

    /// <summary>The port that speaks TLS from the first byte; null without a certificate.</summary>
    public int? TlsPort { get; }

    /// <summary>Starts; port 0 takes a free one. With a certificate the server offers STARTTLS, and listens on a port of implicit TLS too.</summary>
    public static SmtpListener Start(int port, Mailbox mailbox, X509Certificate2? certificate)
    {
        var tlsPort = certificate is null ? (int?)null : FreePort();
        port = port == 0 ? FreePort() : port;
        var options = new SmtpServerOptionsBuilder()
            .ServerName("mail.aurion.test")
            .MaxMessageSize(LargestMessage, MaxMessageSizeHandling.Strict)
            .Endpoint(endpoint => Listen(endpoint, port, certificate));
        if (tlsPort is { } tls)
            options.Endpoint(endpoint => Listen(endpoint, tls, certificate).IsSecure(true));
        var services = new ServiceProvider();
        services.Add((IMailboxFilter)new Recipients(mailbox));
        services.Add((IMessageStore)new Deliveries(mailbox));
        services.Add((IUserAuthenticator)new Anybody());
        var stop = new CancellationTokenSource();
        return new SmtpListener(port, tlsPort, new SmtpServer.SmtpServer(options.Build(), services).StartAsync(stop.Token), stop);
    }

    private static EndpointDefinitionBuilder Listen(EndpointDefinitionBuilder endpoint, int port, X509Certificate2? certificate)
    {
        endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port)).AllowUnsecureAuthentication(true);
        return certificate is null ? endpoint : endpoint.Certificate(certificate);
    }

    // The server does not tell which port it was given.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private sealed class Anybody : IUserAuthenticator
    {
        public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) => Task.FromResult(true);
    }

    private sealed class Recipients(Mailbox mailbox) : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            mailbox.Judge(from.AsAddress(), to.AsAddress()) switch
            {
                RecipientVerdict.Refused => throw new SmtpResponseException(new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "5.1.1 No such mailbox here")),
                RecipientVerdict.Greylisted => throw new SmtpResponseException(new SmtpResponse(SmtpReplyCode.Unavailable, "4.7.1 Greylisted, try again in a minute")),
                _ => Task.FromResult(true),
            };
    }

    private sealed class Deliveries(Mailbox mailbox) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            mailbox.Deliver(transaction.From.AsAddress(), [.. transaction.To.Select(to => to.AsAddress())], buffer.ToArray());
            return Task.FromResult(SmtpResponse.Ok);
        }
    }
}
