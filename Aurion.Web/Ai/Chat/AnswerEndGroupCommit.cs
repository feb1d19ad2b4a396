using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Chat;

/// <summary>Answers that end together are settled in one statement and one commit.</summary>
public sealed class AnswerEndGroupCommit(AnswerStore store) : GroupCommit<AnswerEnding, AnswerEnd>(mostTogether: 64)
{
    protected override Task<IReadOnlyList<AnswerEnd>> ServeAsync(IReadOnlyList<AnswerEnding> requests) => store.FinishAsync(requests);
}
