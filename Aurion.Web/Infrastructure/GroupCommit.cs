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
        answer = taken ? waiting.Answered.WaitAsync(ct) : null;
        return taken;
    }

    /// <summary>One result for each request, in the same order, after they are durable. Whatever is done must be safe to do again.</summary>
    protected abstract Task<IReadOnlyList<TResult>> ServeAsync(IReadOnlyList<TRequest> requests);

    /// <summary>A request with this result is asked again with the next group.</summary>
    protected virtual bool IsForNextGroup(TResult result) => false;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>(mostTogether);
        var served = new List<Waiting>(mostTogether);
        try
        {
            while (group.Count > 0 || await channel.Reader.WaitToReadAsync(stoppingToken))
            {
                while (group.Count < mostTogether && channel.Reader.TryRead(out var next))
                    group.Add(next);
                // The statement is on its way before the callers of the last group are answered.
                var serving = ServeAsync(group);
                Answer(served);
                await serving;
                served.AddRange(group.Where(waiting => waiting.IsServed));
                group.RemoveAll(waiting => waiting.IsServed);
                if (group.Count == 0 && !channel.Reader.TryPeek(out _))
                    Answer(served);
            }
        }
        finally
        {
            Answer(served);
        }
    }

    private static void Answer(List<Waiting> served)
    {
        foreach (var waiting in served)
            waiting.Answer();
        served.Clear();
    }

    private async Task ServeAsync(List<Waiting> group)
    {
        try
        {
            var results = await ServeAsync(group.ConvertAll(waiting => waiting.Request));
            for (var i = 0; i < results.Count; i++)
                if (!IsForNextGroup(results[i]))
                    group[i].Serve(results[i]);
        }
        catch (Exception fault) when (group.Count == 1 || DatabaseFaults.IsAway(fault))
        {
            foreach (var waiting in group)
                waiting.Fail(fault);
        }
        // A statement that one member spoils is tried for each alone.
        catch (Exception)
        {
            foreach (var waiting in group.ToArray())
                await ServeAsync([waiting]);
        }
    }

    private sealed class Waiting(TRequest request)
    {
        private readonly TaskCompletionSource<TResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TResult? result;
        private Exception? fault;

        public TRequest Request => request;

        public Task<TResult> Answered => answer.Task;

        public bool IsServed { get; private set; }

        public void Serve(TResult found) => (result, IsServed) = (found, true);

        public void Fail(Exception reason) => (fault, IsServed) = (reason, true);

        public void Answer()
        {
            if (fault is not null)
                answer.TrySetException(fault);
            else
                answer.TrySetResult(result!);
        }
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
