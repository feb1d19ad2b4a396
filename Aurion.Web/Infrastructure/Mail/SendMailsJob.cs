using System.Globalization;
using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>Sends the mails that wait, one after the other and outside any transaction. Without a mail server they go on waiting.</summary>
public sealed partial class SendMailsJob(
    MailStore mails, MailSender sender, IEnumerable<IEmailWriter> writers, TimeProvider clock, ILogger<SendMailsJob> log) : IJob
{
    // Over four days in all; whoever could not be reached by then sees it on the billing page.
    private static readonly TimeSpan[] BackOff =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6),
        TimeSpan.FromHours(12), TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromHours(24),
    ];

    public async Task RunAsync(CancellationToken ct)
    {
        if (!sender.IsPossible)
        {
            if (await mails.AnyWaitingAsync(ct) && sender.IsToBeMissed())
                LogNoServer();
            return;
        }
        while (await mails.ClaimAsync(clock.GetUtcNow(), ct) is { } mail)
        {
            // A server that is away is asked again at the next run, not once for each mail.
            if (!await SendAsync(mail, ct))
                return;
        }
    }

    private async Task<bool> SendAsync(ClaimedMail mail, CancellationToken ct)
    {
        if (Write(mail) is not { } letter)
        {
            LogUnknown(mail.Kind);
            await mails.FinishAsync(mail, "failed", "nobody writes this kind", clock.GetUtcNow(), ct);
            return true;
        }
        switch (await sender.SendAsync(mail, letter, ct))
        {
            case MailResult.Sent:
                await mails.FinishAsync(mail, "sent", null, clock.GetUtcNow(), ct);
                LogSent(mail.Kind, mail.UserId);
                return true;
            case MailResult.Bounced bounced:
                await mails.FinishAsync(mail, "bounced", bounced.Reason, clock.GetUtcNow(), ct);
                LogBounced(mail.Kind, mail.UserId, bounced.Reason);
                return true;
            case MailResult.Later later when mail.Attempts <= BackOff.Length:
                await mails.RetryAsync(mail, later.Reason, clock.GetUtcNow() + BackOff[mail.Attempts - 1], ct);
                LogLater(mail.Kind, mail.UserId, later.Reason);
                return false;
            case MailResult.Later given:
                await mails.FinishAsync(mail, "failed", given.Reason, clock.GetUtcNow(), ct);
                LogFailed(mail.Kind, mail.UserId, given.Reason);
                return false;
            default:
                throw new InvalidOperationException("Unknown result.");
        }
    }

    /// <summary>In the reader's language, which is not that of whoever caused the mail.</summary>
    private Email? Write(ClaimedMail mail)
    {
        var (culture, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture =
                Localization.Cultures.FirstOrDefault(known => known.Name == mail.Locale) ?? Localization.Cultures[0];
            return writers.Select(writer => writer.Write(mail.Kind, mail.Facts)).FirstOrDefault(letter => letter is not null);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Mails wait, and no mail server is set: SMTP_URL and MAIL_FROM")]
    private partial void LogNoServer();

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
}
