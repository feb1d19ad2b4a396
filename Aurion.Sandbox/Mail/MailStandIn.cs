using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Mail;

/// <summary>A mail server that delivers to a page instead of to people. Addresses starting with bounce@ are refused.</summary>
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

    /// <summary>Starts both; port 0 takes a free one. <paramref name="accounts"/> is the page of those whose mail it is.</summary>
    public static async Task<MailStandIn> StartAsync(TimeProvider clock, int port = 0, int smtpPort = 0, string? accounts = null, CancellationToken ct = default)
    {
        var mailbox = new Mailbox(clock);
        var smtp = SmtpListener.Start(smtpPort, mailbox);
        return new MailStandIn(smtp, await LoopbackServer.StartAsync(port, app =>
        {
            MailboxEndpoints.Map(app, mailbox);
            app.MapGet("/accounts", () => accounts is null ? Results.NotFound() : Look.Page.Html(accounts));
        }, ct: ct));
    }

    public async ValueTask DisposeAsync()
    {
        await http.DisposeAsync();
        await smtp.DisposeAsync();
    }
}
