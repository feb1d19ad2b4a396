using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>
/// Sends the mails that wait, one after the other and outside any transaction. A mail that fails is tried again later and does
/// not hold up the others; while the server takes no mail at all, every mail waits and loses no attempt.
/// </summary>
public sealed partial class SendMailsJob(
    MailStore mails, MailSender sender, EmailKinds kinds, ILogger<SendMailsJob> log) : IJob
{
    // Four days in all. Greylisting servers (RFC 6647) accept a second attempt after one to thirty minutes.
    private static readonly TimeSpan[] BackOff =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6),
        TimeSpan.FromHours(12), TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromHours(24),
    ];

    public async Task RunAsync(CancellationToken ct)
    {
        if (!await mails.AnyDueAsync(ct))
            return;
        if (!sender.IsPossible)
        {
            if (sender.IsFirstWarning())
                LogNoServer();
            return;
        }
        using var connection = sender.Open();
        do
        {
            // Connected before a mail is claimed, so that a server that is away costs no mail an attempt.
            if (await connection.TryConnectAsync(ct) is { } fault)
            {
                LogServerFailed(fault);
                return;
            }
        }
        while (await mails.ClaimAsync(ct) is { } mail && await SendAsync(connection, mail, ct));
    }

    /// <summary>False when the server takes no more mail.</summary>
    private async Task<bool> SendAsync(MailSender.Connection connection, ClaimedMail mail, CancellationToken ct)
    {
        if (mail.Email is null)
        {
            await mails.FinishAsync(mail, "failed", "the account is gone", ct);
            LogFailed(mail.Kind, mail.UserId, "the account is gone");
            return true;
        }
        if (TryWrite(mail) is not { } email)
        {
            await mails.FinishAsync(mail, "failed", "the mail could not be written", ct);
            return true;
        }
        switch (await connection.SendAsync(mail, email, ct))
        {
            case MailResult.Sent:
                await mails.FinishAsync(mail, "sent", null, ct);
                LogSent(mail.Kind, mail.UserId);
                return true;
            case MailResult.Bounced bounced:
                await mails.FinishAsync(mail, "bounced", bounced.Reason, ct);
                LogBounced(mail.Kind, mail.UserId, bounced.Reason);
                return true;
            case MailResult.Later later when mail.Attempts <= BackOff.Length:
                await mails.RetryAsync(mail, later.Reason, BackOff[mail.Attempts - 1], ct);
                LogLater(mail.Kind, mail.UserId, later.Reason);
                return true;
            case MailResult.Later last:
                await mails.FinishAsync(mail, "failed", last.Reason, ct);
                LogFailed(mail.Kind, mail.UserId, last.Reason);
                return true;
            case MailResult.ServerFailed failed:
                await mails.ReleaseAsync(mail, failed.Reason, ct);
                LogServerFailed(failed.Reason);
                return false;
            default:
                throw new InvalidOperationException("Unknown result.");
        }
    }

    /// <summary>Null when nobody can write it.</summary>
    private Email? TryWrite(ClaimedMail mail)
    {
        try
        {
            var email = kinds.Write(mail.Kind, mail.Facts, mail.Locale, mail.TimeZone);
            if (email is null)
                LogUnknown(mail.Kind);
            return email;
        }
        catch (Exception fault)
        {
            // One mail with facts that cannot be read must not stop the others.
            LogUnwritable(mail.Kind, mail.UserId, fault);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Mails wait, and no mail server is set: SMTP_URL and MAIL_FROM")]
    private partial void LogNoServer();

    [LoggerMessage(LogLevel.Error, "The mail server takes no mail; all mails wait: {Reason}")]
    private partial void LogServerFailed(string reason);

    [LoggerMessage(LogLevel.Information, "Mail {Kind} sent to user {UserId}")]
    private partial void LogSent(string kind, Guid userId);

    [LoggerMessage(LogLevel.Warning, "Mail {Kind} to user {UserId} bounced: {Reason}")]
    private partial void LogBounced(string kind, Guid userId, string reason);

    [LoggerMessage(LogLevel.Warning, "Mail {Kind} to user {UserId} could not be sent yet: {Reason}")]
    private partial void LogLater(string kind, Guid userId, string reason);

    [LoggerMessage(LogLevel.Error, "Mail {Kind} to user {UserId} was given up: {Reason}")]
    private partial void LogFailed(string kind, Guid userId, string reason);

    [LoggerMessage(LogLevel.Error, "Nobody writes mails of kind {Kind}")]
    private partial void LogUnknown(string kind);

    [LoggerMessage(LogLevel.Error, "Mail {Kind} to user {UserId} could not be written")]
    private partial void LogUnwritable(string kind, Guid userId, Exception fault);
}
