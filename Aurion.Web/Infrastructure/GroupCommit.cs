using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Aurion.Data.Infrastructure;

namespace Aurion.Web.Infrastructure;

/// <summary>
/// Group commit: the requests that arrived while the last group was being served go together into the next statement.
/// There is no timer, so a lone request never waits. Each caller is answered after the commit, with its own result.
/// </summary>
public abstract class GroupCommit<TRequest, TResult>(int mostTogether) : BackgroundService
{
    internal const int MostWaiting = 4096;

    private readonly Channel<Waiting> channel = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, AllowSynchronousContinuations = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>False when the lane is full; nothing was done then.</summary>
    public bool TryAsk(TRequest request, CancellationToken ct, [NotNullWhen(true)] out Task<TResult>? answer)
    {
        var waiting = new Waiting(request);
        var taken = channel.Writer.TryWrite(waiting);
        answer = taken ? waiting.Answer.Task.WaitAsync(ct) : null;
        return taken;
    }

    /// <summary>One result for each request, in the same order, after they are durable. Whatever is done must be safe to do again.</summary>
    protected abstract Task<IReadOnlyList<TResult>> ServeAsync(IReadOnlyList<TRequest> requests);

    /// <summary>A request with this result is asked again with the next group.</summary>
    protected virtual bool IsForNextGroup(TResult result) => false;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>(mostTogether);
        while (group.Count > 0 || await channel.Reader.WaitToReadAsync(stoppingToken))
        {
            while (group.Count < mostTogether && channel.Reader.TryRead(out var next))
                group.Add(next);
            await ServeAsync(group);
            group.RemoveAll(waiting => waiting.Answer.Task.IsCompleted);
        }
    }

    private async Task ServeAsync(List<Waiting> group)
    {
        try
        {
            var results = await ServeAsync(group.ConvertAll(waiting => waiting.Request));
            for (var i = 0; i < results.Count; i++)
                if (!IsForNextGroup(results[i]))
                    group[i].Answer.TrySetResult(results[i]);
        }
        catch (Exception fault) when (group.Count == 1 || DatabaseFaults.IsAway(fault))
        {
            foreach (var waiting in group)
                waiting.Answer.TrySetException(fault);
        }
        // A statement that one member spoils is tried for each alone.
        catch (Exception)
        {
            foreach (var waiting in group.ToArray())
                await ServeAsync([waiting]);
        }
    }

    private sealed record Waiting(TRequest Request)
    {
        public TaskCompletionSource<TResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

public static class GroupCommitRegistration
{
    /// <summary>One lane for the whole process, served in the background.</summary>
    public static void AddGroupCommit<TGroupCommit>(this IServiceCollection services) where TGroupCommit : class, IHostedService
    {
        services.AddSingleton<TGroupCommit>();
        services.AddHostedService(provider => provider.GetRequiredService<TGroupCommit>());
    }
}
