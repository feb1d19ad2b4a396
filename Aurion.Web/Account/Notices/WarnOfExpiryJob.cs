using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Notices;

/// <summary>Tells whoever has credits that are about to expire. Safe at any time, any number of times.</summary>
public sealed class WarnOfExpiryJob(NoticeStore notices, JobQueue jobs) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (await notices.WarnOfExpiryAsync(ct) > 0)
            await jobs.WakeAsync<SendMailsJob>(ct);
    }
}
