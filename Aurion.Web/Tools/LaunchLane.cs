using System.Threading.Channels;
using Aurion.Data.Tools;

namespace Aurion.Web.Tools;

/// <summary>
/// Group commit: the launches that arrived while the last group was being committed go together into the next statement.
/// There is no timer, so a lone launch never waits. Each caller is answered after the commit, with its own outcome.
/// </summary>
public sealed class LaunchLane(LaunchStore store, TimeProvider clock) : BackgroundService
{
    private const int MostWaiting = 4096;
    private const int MostTogether = 256;

    private readonly Channel<Waiting> channel = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>The outcome, or null when the lane is full.</summary>
    public async Task<LaunchOutcome?> LaunchAsync(LaunchRequest request, CancellationToken ct)
    {
        var waiting = new Waiting(request);
        return channel.Writer.TryWrite(waiting) ? await waiting.Answer.Task.WaitAsync(ct) : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>(MostTogether);
        while (group.Count > 0 || await channel.Reader.WaitToReadAsync(stoppingToken))
        {
            while (group.Count < MostTogether && channel.Reader.TryRead(out var next))
                group.Add(next);
            await ServeAsync(group);
            group.RemoveAll(waiting => waiting.Answer.Task.IsCompleted);
        }
    }

    private async Task ServeAsync(List<Waiting> group)
    {
        try
        {
            await AnswerAsync(group);
        }
        catch (Exception fault) when (group.Count == 1)
        {
            group[0].Answer.TrySetException(fault);
        }
        // A group that fails as a whole is tried one by one, safely: each launch carries its operation id.
        catch (Exception)
        {
            foreach (var waiting in group.ToArray())
                await ServeAsync([waiting]);
        }
    }

    private async Task AnswerAsync(List<Waiting> group)
    {
        var outcomes = await store.LaunchAsync(group.ConvertAll(waiting => waiting.Request), clock.GetUtcNow());
        for (var i = 0; i < outcomes.Count; i++)
        {
            // The same operation twice in one group: the second sees the first's result in the next group.
            if (outcomes[i].Outcome != "RETRY")
                group[i].Answer.TrySetResult(outcomes[i]);
        }
    }

    private sealed record Waiting(LaunchRequest Request)
    {
        public TaskCompletionSource<LaunchOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
