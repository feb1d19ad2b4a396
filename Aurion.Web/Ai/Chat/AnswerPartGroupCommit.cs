using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Chat;

/// <summary>Pieces of many answers share one statement; the result says whether the answer is still being written.</summary>
public sealed class AnswerPartGroupCommit(AnswerStore store) : GroupCommit<AnswerPart, bool>(mostTogether: 256)
{
    protected override Task<IReadOnlyList<bool>> ServeAsync(IReadOnlyList<AnswerPart> requests) => store.AppendAsync(requests);
}
