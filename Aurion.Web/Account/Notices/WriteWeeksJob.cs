using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Notices;

/// <summary>Sends "your week in credits" on Monday mornings of each person's own zone. Safe at any time, any number of times.</summary>
public sealed class WriteWeeksJob(NoticeStore notices, JobFailures failures, JobQueue jobs) : IJob
{
    private const int Batch = 1000;

    public async Task RunAsync(CancellationToken ct)
    {
        var judged = await failures.ServeBatchesAsync<WriteWeeksJob>(failed => notices.ListWeeksAsync(Batch, failed, ct), users => notices.WriteWeeksAsync(users, ct), ct);
        if (judged > 0)
            await jobs.WakeAsync<SendMailsJob>(ct);
    }
}
