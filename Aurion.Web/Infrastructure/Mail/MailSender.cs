using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>How an attempt to hand a mail to the server ended; the reason names no address.</summary>
public abstract record MailResult
{
    public sealed record Sent : MailResult;

    /// <summary>This mailbox does not take mail: trying again would change nothing.</summary>
    public sealed record Bounced(string Reason) : MailResult;

    /// <summary>The server is away or says to come back.</summary>
    public sealed record Later(string Reason) : MailResult;
}

/// <summary>Speaks SMTP with the mail server. Outside this machine the line is encrypted (STARTTLS).</summary>
public sealed class MailSender(MailOptions options, SiteOptions site)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int missed;

    public bool IsPossible => options is { Server: not null, From: not null };

    /// <summary>True once: the first time that a mail waits for a server which is not set.</summary>
    public bool IsToBeMissed() => Interlocked.Exchange(ref missed, 1) == 0;

    public async Task<MailResult> SendAsync(ClaimedMail mail, Email letter, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(mail);
        ArgumentNullException.ThrowIfNull(letter);
        if (!MailAddress.TryCreate(mail.Email, out var to))
            return new MailResult.Bounced("no address");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var message = Message(mail, letter, to);
            using var client = Client();
            await client.SendMailAsync(message, patience.Token);
            return new MailResult.Sent();
        }
        catch (SmtpFailedRecipientException refused) when ((int)refused.StatusCode >= 500)
        {
            return new MailResult.Bounced(refused.StatusCode.ToString());
        }
        catch (SmtpException fault)
        {
            return new MailResult.Later(fault.StatusCode.ToString());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new MailResult.Later("no answer");
        }
    }

    private MailMessage Message(ClaimedMail mail, Email letter, MailAddress to)
    {
        var message = new MailMessage(new MailAddress(options.From!), to)
        {
            Subject = letter.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = EmailLayout.Text(letter),
            BodyEncoding = Encoding.UTF8,
        };
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(EmailLayout.Html(letter), Encoding.UTF8, MediaTypeNames.Text.Html));
        // The same fact always has the same id: a mail whose sender died before writing "sent" is recognised by its reader.
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mail.UserId}:{mail.SourceRef}")))[..32];
        message.Headers.Add("Message-ID", $"<{id}@{site.PublicUrl!.IdnHost}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private SmtpClient Client()
    {
        var server = options.Server!;
        var client = new SmtpClient(server.Host, server.Port > 0 ? server.Port : 587) { EnableSsl = !server.IsLoopback };
        if (server.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password])
            client.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        return client;
    }
}
