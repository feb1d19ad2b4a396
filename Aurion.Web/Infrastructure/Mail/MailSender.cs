using System.Security.Cryptography;
using System.Text;
using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Settings;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>Sends e-mails by SMTP. Outside this machine the connection is encrypted, unless SMTP_TLS says otherwise.</summary>
public sealed class MailSender(MailOptions options, SiteOptions site, EmailRenderer renderer)
{
    private int warnings;

    public bool IsPossible => options is { Server: not null, From: not null };

    /// <summary>Counts a warning about the missing server; true for the first one.</summary>
    public bool IsFirstWarning() => Interlocked.Increment(ref warnings) == 1;

    /// <summary>A connection for several e-mails; it connects with the first one.</summary>
    public Connection Open() => new(options, site, renderer);

    public sealed class Connection(MailOptions options, SiteOptions site, EmailRenderer renderer) : IDisposable
    {
        private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

        // Revocation lists are often out of a server's reach, and then no certificate would be valid.
        private readonly SmtpClient client = new() { CheckCertificateRevocation = false };

        /// <summary>Why the server could not be reached, or null when it is ready for the next e-mail.</summary>
        public async Task<string?> TryConnectAsync(CancellationToken ct)
        {
            if (client.IsConnected)
                return null;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
            timeout.CancelAfter(Timeout);
            try
            {
                var server = options.Server!;
                await client.ConnectAsync(server.IdnHost, Port(server), Security(server), timeout.Token);
                if (server.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password])
                    await client.AuthenticateAsync(Encoding.UTF8, Uri.UnescapeDataString(user), Uri.UnescapeDataString(password), timeout.Token);
                return null;
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                await DisconnectAsync();
                return fault switch
                {
                    SslHandshakeException => "the certificate is not valid, or the server does not speak TLS on this port",
                    AuthenticationException => "user or password refused",
                    OperationCanceledException => "no answer",
                    NotSupportedException => "the server offers no STARTTLS or no sign-in",
                    _ => fault.Message,
                };
            }
        }

        public async Task<MailResult> SendAsync(ClaimedMail mail, Email email, CancellationToken ct)
        {
            if (mail.Email is null || EmailAddress.Normalize(mail.Email) is not { } to)
                return new MailResult.Bounced("no valid address");
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
            timeout.CancelAfter(Timeout);
            try
            {
                using var message = await MessageAsync(mail, email, to);
                await client.SendAsync(message, timeout.Token);
                return new MailResult.Sent();
            }
            catch (SmtpCommandException refused)
            {
                return Judge(refused);
            }
            catch (Exception fault) when (fault is IOException or ProtocolException or ServiceNotConnectedException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                await DisconnectAsync();
                return new MailResult.Later("the connection broke");
            }
        }

        public void Dispose() => client.Dispose();

        private static MailResult Judge(SmtpCommandException refused) => refused switch
        {
            { StatusCode: SmtpStatusCode.ServiceNotAvailable } or { ErrorCode: SmtpErrorCode.SenderNotAccepted or SmtpErrorCode.UnexpectedStatusCode }
                => new MailResult.ServerFailed(Reason(refused)),
            { StatusCode: >= (SmtpStatusCode)500 } => new MailResult.Bounced(Reason(refused)),
            _ => new MailResult.Later(Reason(refused)),
        };

        // The server's own sentence often repeats the address.
        private static string Reason(SmtpCommandException refused) => $"{(int)refused.StatusCode} {refused.StatusCode}";

        private static int Port(Uri server) => server.Port > 0 ? server.Port : server.Scheme == "smtps" ? 465 : 587;

        // Port 465 speaks TLS from the first byte (RFC 8314), whatever the scheme says.
        private SecureSocketOptions Security(Uri server) =>
            server.Scheme == "smtps" || server.Port == 465 ? SecureSocketOptions.SslOnConnect
            : (options.Tls ?? (server.IsLoopback ? "optional" : "required")) == "required" ? SecureSocketOptions.StartTls
            : SecureSocketOptions.StartTlsWhenAvailable;

        private async Task<MimeMessage> MessageAsync(ClaimedMail mail, Email email, string to)
        {
            var from = EmailAddress.SplitMailbox(options.From!)!.Value;
            var message = new MimeMessage
            {
                Subject = email.Subject,
                Body = new BodyBuilder { TextBody = EmailRenderer.Text(email), HtmlBody = await renderer.HtmlAsync(email) }.ToMessageBody(),
                // The same fact has the same id: a mailbox recognises the second copy when this process died before it wrote "sent".
                MessageId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mail.UserId}:{mail.SourceRef}")))[..32]}@{site.PublicUrl!.IdnHost}",
            };
            message.From.Add(new MailboxAddress(from.Name, EmailAddress.ForSmtp(from.Address)));
            message.To.Add(new MailboxAddress("", EmailAddress.ForSmtp(to)));
            message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
            if (email.Unsubscribe is { } unsubscribe)
            {
                message.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe.Address}>");
                message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
            }
            return message;
        }

        private async Task DisconnectAsync()
        {
            if (client.IsConnected)
                await client.DisconnectAsync(quit: false, CancellationToken.None);
        }
    }
}
