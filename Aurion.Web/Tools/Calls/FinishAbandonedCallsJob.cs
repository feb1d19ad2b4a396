using Aurion.Data.Infrastructure;
using Aurion.Data.Tools;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Tools.Calls;

/// <summary>Ends the calls whose process has died: they cost nothing.</summary>
public sealed partial class FinishAbandonedCallsJob(ToolRunStore runs, BalanceAnnouncer announcer, JobFailures failures, ILogger<FinishAbandonedCallsJob> logger) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        await runs.ReleaseOrphansAsync(ct);
        foreach (var (userId, id) in await runs.ListAbandonedAsync(ct))
        {
            try
            {
                await runs.FinishAsync(userId, id, new ToolRunDelivery("", null, "interrupted", null, null, null, null), ct);
                announcer.Announce(userId);
                LogFinished(id);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested && !DatabaseFaults.IsUnavailable(fault))
            {
                await failures.ReportAsync<FinishAbandonedCallsJob>($"tool call {id} of user {userId}", fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Tool call {Run} was left by its process and is ended")]
    private partial void LogFinished(Guid run);
}
