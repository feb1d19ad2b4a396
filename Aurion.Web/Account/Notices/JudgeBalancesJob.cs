using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Notices;

/// <summary>Tells whoever has spent their credits below a threshold. Safe at any time, any number of times.</summary>
public sealed class JudgeBalancesJob(NoticeStore notices, JobFailures failures, JobQueue jobs) : IJob
{
    private const int Batch = 1000;

    public async Task RunAsync(CancellationToken ct)
    {
        var judged = await failures.ServeBatchesAsync<JudgeBalancesJob>(failed => notices.ListMovedAsync(Batch, failed, ct), users => notices.JudgeAsync(users, ct), ct);
        if (judged > 0)
            await jobs.WakeAsync<SendMailsJob>(ct);
    }
}
