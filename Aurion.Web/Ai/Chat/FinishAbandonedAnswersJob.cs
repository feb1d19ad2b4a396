using Aurion.Data.Ai;
using Aurion.Web.Credits.Live;

namespace Aurion.Web.Ai.Chat;

/// <summary>Ends the answers whose process has died: what reached the person is settled, the rest is released.</summary>
public sealed partial class FinishAbandonedAnswersJob(AnswerStore answers, BalanceAnnouncer announcer, ILogger<FinishAbandonedAnswersJob> logger) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        List<Exception> faults = [];
        foreach (var (userId, id) in await answers.ListAbandonedAsync(Chats.ToolId, ct))
        {
            try
            {
                await answers.FinishAsync(userId, id, "broken", "interrupted", ct: ct);
                announcer.Announce(userId);
                LogFinished(id);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                faults.Add(fault);
            }
        }
        if (faults.Count > 0)
            throw new AggregateException(faults);
    }

    [LoggerMessage(LogLevel.Warning, "Answer {Answer} was left by its process and is ended")]
    private partial void LogFinished(Guid answer);
}
