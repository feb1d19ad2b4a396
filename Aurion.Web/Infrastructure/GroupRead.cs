namespace Aurion.Web.Infrastructure;

/// <summary>
/// What signed-in people read of their own: those who ask while a statement is running share the next one, which costs each of them a
/// fraction of a statement of their own. Nothing is cached, so each sees what was committed before they asked, on every node.
/// </summary>
public abstract class GroupRead<TRequest, TResult>(int mostTogether) : GroupCommit<TRequest, TResult>(mostTogether)
{
    public Task<TResult> ReadAsync(TRequest request, CancellationToken ct) =>
        TryAsk(request, ct, out var answer) ? answer : throw new TimeoutException("Too many pages wait to be read.");
}
