using System.Collections.Concurrent;
using System.Text.Json;
using Aurion.Data.Ai;
using Aurion.Data.Infrastructure;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Credits.Live;

namespace Aurion.Web.Ai.Chat;

/// <summary>
/// The answers that this process is writing. One goes on when its reader leaves, is stored as it comes, and is settled at its end;
/// when this process dies in the middle, <see cref="FinishAbandonedAnswersJob"/> does that.
/// </summary>
public sealed partial class AnswerRuns(
    OpenRouterClient provider, AnswerStore answers, AnswerPartGroupCommit parts, AnswerEndGroupCommit ends, BalanceAnnouncer announcer, JobQueue jobs, TimeProvider clock,
    ILogger<AnswerRuns> logger)
    : BackgroundService
{
    private const int LongestAnswer = 500_000;

    // How long the text that comes is gathered before it is stored.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>An answer whose process has not said for so long that it lives is ended by another.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Guid, LiveAnswer> running = new();

    /// <summary>Starts to write an answer whose hold and message stand in the database.</summary>
    public LiveAnswer Start(Guid userId, Guid id, ChatRequest request)
    {
        var live = new LiveAnswer(userId, id);
        running[id] = live;
        _ = RunAsync(live, request);
        return live;
    }

    /// <summary>The answer, if this process writes it for this person.</summary>
    public LiveAnswer? Find(Guid userId, Guid id) => running.TryGetValue(id, out var live) && live.UserId == userId ? live : null;

    /// <summary>Stops an answer, whichever process writes it, and returns how it ended.</summary>
    public async Task<AnswerEnd> StopAsync(Guid userId, Guid id, CancellationToken ct)
    {
        if (Find(userId, id) is { } live)
        {
            live.Stop(byPerson: true);
            return await live.Ended.WaitAsync(ct);
        }
        // The process that writes it finds it ended with the next piece it stores.
        var end = await answers.FinishAsync(new AnswerEnding(userId, id, "stopped"), ct);
        announcer.Announce(userId);
        return end;
    }

    /// <summary>What came until now is stored and settled before the process ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        var left = running.Values.ToList();
        left.ForEach(live => live.Stop(byPerson: false));
        await Task.WhenAll(left.Select(live => live.Ended)).WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Says every few seconds that the answers of this process live, and has those ended whose process says so no more.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(RenewEvery);
        while (await pace.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (!running.IsEmpty)
                    await answers.RenewAsync([.. running.Values.Select(live => (live.UserId, live.Id))], Lease, stoppingToken);
                if (await answers.AnyAbandonedAsync(ChatTool.Ids, stoppingToken))
                    await jobs.WakeAsync<FinishAbandonedAnswersJob>(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRenewed(fault.Message);
            }
        }
    }

    private async Task RunAsync(LiveAnswer live, ChatRequest request)
    {
        await Task.Yield();
        var storing = StoreAsync(live);
        var outcome = await ReadAsync(live, request);
        live.Complete();
        await storing;
        try
        {
            live.End(await FinishAsync(live, outcome));
            announcer.Announce(live.UserId);
        }
        catch (Exception fault)
        {
            // The job ends it once its lease is over.
            LogNotFinished(fault, live.Id);
            live.End(new AnswerEnd("writing", 0));
        }
        running.TryRemove(live.Id, out _);
        live.Dispose();
    }

    private async Task<Outcome> ReadAsync(LiveAnswer live, ChatRequest request)
    {
        string? generation = null;
        try
        {
            await foreach (var said in provider.StreamAsync(request, live.Stopping))
            {
                switch (said)
                {
                    case AnswerEvent.Started started:
                        generation = started.GenerationId;
                        break;
                    case AnswerEvent.Text text:
                        live.Append(text.Content);
                        if (live.From(LongestAnswer).Text.Length > 0)
                            return new Outcome("done", "length", null, generation);
                        break;
                    case AnswerEvent.Finished finished:
                        return new Outcome("done", finished.IsCutByLength ? "length" : null, finished.Usage, generation);
                    case AnswerEvent.Failed failed:
                        if (failed.Fault is ProviderFault.KeyRefused or ProviderFault.AccountDry or ProviderFault.Rejected)
                            LogOperatorNeeded(failed.Fault, request.Model);
                        return new Outcome("broken", JsonNamingPolicy.SnakeCaseLower.ConvertName(failed.Fault.ToString()), failed.Usage, generation);
                }
            }
        }
        catch (OperationCanceledException) when (live.Stopping.IsCancellationRequested)
        {
            return live.IsStoppedByPerson ? new Outcome("stopped", null, null, generation) : new Outcome("broken", "interrupted", null, generation);
        }
        catch (Exception fault)
        {
            LogFault(fault, live.Id);
        }
        return new Outcome("broken", "unreadable", null, generation);
    }

    // Nothing is thrown from here: what cannot be stored is not charged.
    private async Task StoreAsync(LiveAnswer live)
    {
        var stored = 0;
        while (true)
        {
            var (text, isComplete, changed) = live.From(stored);
            try
            {
                if (text.Length > 0 && parts.TryAsk(new AnswerPart(live.UserId, live.Id, stored, stored + text.Length, text), CancellationToken.None, out var answer))
                {
                    if (!await answer)
                    {
                        live.Stop(byPerson: true);
                        return;
                    }
                    stored += text.Length;
                }
                if (isComplete && live.From(stored).Text.Length == 0)
                    return;
            }
            catch (Exception fault)
            {
                LogNotStored(fault, live.Id);
                if (isComplete || !DatabaseFaults.IsUnavailable(fault))
                    return;
                await Task.Delay(TimeSpan.FromSeconds(1), clock);
            }
            await Task.Delay(Gathering, clock);
            await changed.WaitAsync(Silence).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<AnswerEnd> FinishAsync(LiveAnswer live, Outcome outcome)
    {
        var ending = new AnswerEnding(live.UserId, live.Id, outcome.State, outcome.Reason, outcome.Usage?.PromptTokens, outcome.Usage?.CompletionTokens, outcome.Usage?.CostMicrodollars, outcome.Generation);
        return ends.TryAsk(ending, CancellationToken.None, out var answer) ? answer : answers.FinishAsync(ending);
    }

    private sealed record Outcome(string State, string? Reason, ProviderUsage? Usage, string? Generation);

    [LoggerMessage(LogLevel.Error, "OpenRouter needs the operator: {Fault} for {Model}")]
    private partial void LogOperatorNeeded(ProviderFault fault, string model);

    [LoggerMessage(LogLevel.Error, "Answer {Answer} could not be read")]
    private partial void LogFault(Exception fault, Guid answer);

    [LoggerMessage(LogLevel.Warning, "A piece of answer {Answer} was not stored")]
    private partial void LogNotStored(Exception fault, Guid answer);

    [LoggerMessage(LogLevel.Warning, "The answers that are being written could not be renewed: {Reason}")]
    private partial void LogNotRenewed(string reason);

    [LoggerMessage(LogLevel.Error, "Answer {Answer} could not be settled; the job will")]
    private partial void LogNotFinished(Exception fault, Guid answer);
}
