using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Deletion;

/// <summary>
/// Erases the accounts whose time has come: first where others hold their data, then here in one transaction, so that an attempt that
/// stops anywhere is made again as a whole. One that fails is reported, tried again later, and holds up nobody else's.
/// </summary>
public sealed partial class EraseAccountsJob(
    AccountDeletionStore deletions, IEnumerable<IPersonalDataHolder> holders, MailSender mail, JobQueue jobs, JobFailures failures, ILogger<EraseAccountsJob> log) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        while (await deletions.ClaimDueAsync(ct) is { } userId)
        {
            try
            {
                foreach (var holder in holders)
                    await holder.EraseAsync(userId, ct);
                await deletions.EraseAsync(userId, mail.IsPossible, ct);
                await jobs.WakeAsync<SendMailsJob>(ct);
                LogErased(userId);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                await failures.ReportAsync<EraseAccountsJob>($"user {userId}", fault);
            }
        }
        await deletions.FailLateDeletionMailsAsync(ct);
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} was erased")]
    private partial void LogErased(Guid userId);
}
