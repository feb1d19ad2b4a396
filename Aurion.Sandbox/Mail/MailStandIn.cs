using System.Security.Cryptography.X509Certificates;
using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Mail;

/// <summary>A mail server that delivers to a page instead of to people. bounce@ is refused, greylist@ is taken from a minute after the first try.</summary>
public sealed class MailStandIn : IAsyncDisposable
{
    private readonly SmtpListener smtp;
    private readonly LoopbackServer http;

    private MailStandIn(SmtpListener smtp, LoopbackServer http)
    {
        this.smtp = smtp;
        this.http = http;
    }

    /// <summary>The mailbox page and its JSON API.</summary>
    public string Address => http.Address;

    /// <summary>What to give to the web as SMTP_URL.</summary>
    public string SmtpUrl => $"smtp://sandbox:sandbox@127.0.0.1:{smtp.Port}";

    /// <summary>The same with TLS from the first byte; null without a certificate.</summary>
    public string? SmtpsUrl => smtp.TlsPort is { } port ? $"smtps://sandbox:sandbox@127.0.0.1:{port}" : null;

    /// <summary>Starts both; port 0 takes a free one. <paramref name="accounts"/> is the page of those whose mail it is; with a certificate the server offers STARTTLS and SMTPS.</summary>
    public static async Task<MailStandIn> StartAsync(TimeProvider clock, int port = 0, int smtpPort = 0, IResult? accounts = null, X509Certificate2? certificate = null, CancellationToken ct = default)
    {
        var mailbox = new Mailbox(clock);
        var smtp = SmtpListener.Start(smtpPort, mailbox, certificate);
        return new MailStandIn(smtp, await LoopbackServer.StartAsync(port, app =>
        {
            MailboxEndpoints.Map(app, mailbox);
            app.MapGet("/accounts", () => accounts ?? Results.NotFound());
        }, ct: ct));
    }

    public async ValueTask DisposeAsync()
    {
        await http.DisposeAsync();
        await smtp.DisposeAsync();
    }
}
