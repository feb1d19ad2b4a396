using Aurion.Data.Ai;
using Aurion.Data.Infrastructure;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Ai.Chat;

/// <summary>Ends the answers whose process has died: what reached the person is settled, the rest is released.</summary>
public sealed partial class FinishAbandonedAnswersJob(AnswerStore answers, BalanceAnnouncer announcer, JobFailures failures, ILogger<FinishAbandonedAnswersJob> logger) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var (userId, id) in await answers.ListAbandonedAsync(ChatTool.Ids, ct))
        {
            try
            {
                await answers.FinishAsync(new AnswerEnding(userId, id, "broken", "interrupted"), ct);
                announcer.Announce(userId);
                LogFinished(id);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested && !DatabaseFaults.IsUnavailable(fault))
            {
                await failures.ReportAsync<FinishAbandonedAnswersJob>($"answer {id} of user {userId}", fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Answer {Answer} was left by its process and is ended")]
    private partial void LogFinished(Guid answer);
}
