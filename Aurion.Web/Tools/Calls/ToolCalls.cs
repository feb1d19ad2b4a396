using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Aurion.Data.Ai;
using Aurion.Data.Tools;
using Aurion.Web.Ai.Metering;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Credits;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tools.Calls;

/// <summary>
/// Calls of models for embedded tools, within the budget that a launch pays for and beyond it when the person agrees. A call goes on
/// when its caller leaves, and its answer is kept; when this process dies, <see cref="FinishAbandonedCallsJob"/> ends it.
/// </summary>
public sealed partial class ToolCalls(
    ToolRunStore runs, HoldGroupCommit holds, OpenRouterClient provider, OpenRouterOptions options, BalanceAnnouncer announcer,
    IHostApplicationLifetime host, TimeProvider clock, ILogger<ToolCalls> logger) : IHostedService
{
    private const int LongestAnswer = 400_000;

    // What every provider wraps a message in.
    private const int PerTurn = 8;

    // A process that does not say so often enough that it lives counts as dead.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, ToolRunning> running = new();

    /// <summary>Writes the call down, reserves what it costs by itself, and starts it.</summary>
    public async Task<ToolCallResult> StartAsync(ToolSessionTicket ticket, string toolId, ToolCall call, CancellationToken ct)
    {
        var draft = new ToolRunDraft(ticket.UserId, ticket.SessionId, toolId, call.Id, call.Purpose, call.Repairs, false, call.Turns.Sum(MostTokensOf) + call.Functions.Sum(MostTokensOf));
        var begun = await BeginAsync(draft, ct);
        if (begun.Outcome == "BUDGET_SPENT" && call.AgreedCredits >= begun.Price)
        {
            if (!holds.TryAsk(new HoldRequest(ticket.UserId, call.Id, toolId, null, 1, 0, 0, clock.GetUtcNow()), ct, out var answer))
                return new ToolCallResult.Busy();
            var held = await answer;
            if (RefusalOf(held) is { } refusal)
                return refusal;
            // From here on the credits are held: a caller who leaves does not interrupt it.
            begun = await BeginAsync(draft with { IsExtra = true }, CancellationToken.None);
            if (begun.Outcome is not ("BEGUN" or "REPEATED"))
                await runs.ReleaseAsync(ticket.UserId, call.Id, CancellationToken.None);
            announcer.Announce(ticket.UserId);
        }
        // What was launched and has answered nothing may have been given back.
        if (begun.Outcome == "TOOL_UNAVAILABLE")
            announcer.Announce(ticket.UserId);
        return begun.Outcome switch
        {
            "BEGUN" => new ToolCallResult.Started(Start(ticket.UserId, call, begun), begun.CallsLeft),
            "REPEATED" => await FindAsync(ticket, call.Id, ct) is { } known ? known : new ToolCallResult.NoRepair(),
            "BUDGET_SPENT" => new ToolCallResult.BudgetSpent(begun.Price),
            "SESSION_EXPIRED" => new ToolCallResult.SessionExpired(),
            "TOO_LONG" => new ToolCallResult.TooLong(),
            "NO_REPAIR" => new ToolCallResult.NoRepair(),
            "BUSY" => new ToolCallResult.Busy(),
            _ => new ToolCallResult.Unavailable(),
        };
    }

    /// <summary>A run of the session, followed where it is made or read from what is stored; one whose process has died is ended.</summary>
    public async Task<ToolCallResult?> FindAsync(ToolSessionTicket ticket, Guid id, CancellationToken ct)
    {
        // Looked for before it is read: one that ends meanwhile has its end here, and would still be read as running.
        var known = running.GetValueOrDefault(id);
        if (await runs.FindAsync(ticket.UserId, ticket.SessionId, id, ct) is not { } run)
            return null;
        if ((known ?? running.GetValueOrDefault(id)) is { } live && live.UserId == ticket.UserId)
            return new ToolCallResult.Started(live, 0);
        if (run.State != "running" || run.ExpiresAt > clock.GetUtcNow())
            return new ToolCallResult.Known(run);
        await runs.FinishAsync(ticket.UserId, id, new ToolRunDelivery("", null, "interrupted", null, null, null, null), ct);
        announcer.Announce(ticket.UserId);
        return await runs.FindAsync(ticket.UserId, ticket.SessionId, id, ct) is { } ended ? new ToolCallResult.Known(ended) : null;
    }

    /// <summary>
    /// Stops a call of the session, whichever process makes it: what has come is kept and counts as its answer; one of which nothing has
    /// come counts as none. Where another process makes it, it ends a few seconds later.
    /// </summary>
    public async Task<ToolCallResult?> StopAsync(ToolSessionTicket ticket, Guid id, CancellationToken ct)
    {
        if (await FindAsync(ticket, id, ct) is not { } found)
            return null;
        if (found is ToolCallResult.Started { Run: var live })
        {
            live.Stop();
            await live.Ended.WaitAsync(ct);
        }
        else if (found is ToolCallResult.Known { Run.State: "running" })
        {
            await runs.AskToStopAsync(ticket.UserId, id, ct);
        }
        return found;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Calls that are not answered yet are ended, and cost nothing.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(running.Values.Select(run => run.Ended)).WaitAsync(cancellationToken);

    private Task<ToolRunOutcome> BeginAsync(ToolRunDraft draft, CancellationToken ct) => runs.BeginAsync(draft, Lease, ct);

    private ToolRunning Start(Guid userId, ToolCall call, ToolRunOutcome begun)
    {
        var run = running[call.Id] = new ToolRunning(userId, call.Id);
        _ = RunAsync(run, new ChatRequest
        {
            Model = begun.ModelId!,
            Turns = call.Turns,
            Functions = call.Functions,
            LongestAnswer = begun.AnswerTokens,
            MostPromptPrice = begun.MostPromptPrice,
            MostCompletionPrice = begun.MostCompletionPrice,
            User = userId.ToString(),
        });
        return run;
    }

    private async Task RunAsync(ToolRunning run, ChatRequest request)
    {
        await Task.Yield();
        var reading = ReadAsync(run, request);
        while (await Task.WhenAny(reading, Task.Delay(Renewal)) != reading)
            await RenewAsync(run);
        var delivery = await reading;
        run.Reason = delivery.Reason;
        try
        {
            var end = await runs.FinishAsync(run.UserId, run.Id, delivery);
            if (end.Credits + end.Refunded > 0)
                announcer.Announce(run.UserId);
            if (end.State == "failed" && delivery.Reason != "stopped")
                LogFailed(run.Id, delivery.Reason, end.Refunded);
            run.End(end);
        }
        catch (Exception fault)
        {
            LogNotFinished(fault, run.Id);
            run.End(new ToolRunEnd("running", 0, 0));
        }
        running.TryRemove(run.Id, out _);
        run.Dispose();
    }

    private async Task RenewAsync(ToolRunning run)
    {
        try
        {
            if (await runs.RenewAsync(run.UserId, run.Id, Lease))
                run.Stop();
        }
        catch (Exception fault)
        {
            // The next attempt may come in time; if none does, the call ends as one that cost nothing.
            LogNotRenewed(fault, run.Id);
        }
    }

    /// <summary>Half an answer is of no use to a tool, and counts as none; but its person, who has seen it come and stops it, keeps it.</summary>
    private async Task<ToolRunDelivery> ReadAsync(ToolRunning run, ChatRequest request)
    {
        string? generation = null;
        if (options.ApiKey.Length == 0)
        {
            // Like any other call that is not answered: the launch that it was the first of is given back.
            LogOperatorNeeded(ProviderFault.KeyRefused, request.Model);
            return new("", null, "key_refused", null, null, null, null);
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(host.ApplicationStopping, run.Stopping);
        try
        {
            await foreach (var said in provider.StreamAsync(request, end.Token))
            {
                switch (said)
                {
                    case AnswerEvent.Started started:
                        generation = started.GenerationId;
                        break;
                    case AnswerEvent.Text text when run.Text.Length < LongestAnswer:
                        run.Append(text.Content);
                        break;
                    case AnswerEvent.Called called:
                        run.Calls = JsonSerializer.Serialize(called.Calls, JsonSerializerOptions.Web);
                        break;
                    case AnswerEvent.Finished finished:
                        return new(run.Text, run.Calls, finished.IsCutByLength ? "length" : null, finished.Usage?.PromptTokens, finished.Usage?.CompletionTokens, finished.Usage?.CostMicrodollars, generation);
                    case AnswerEvent.Failed failed:
                        if (failed.Fault is ProviderFault.KeyRefused or ProviderFault.AccountDry or ProviderFault.Rejected)
                            LogOperatorNeeded(failed.Fault, request.Model);
                        return new("", null, JsonNamingPolicy.SnakeCaseLower.ConvertName(failed.Fault.ToString()), failed.Usage?.PromptTokens, failed.Usage?.CompletionTokens, failed.Usage?.CostMicrodollars, generation);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return run.Stopping.IsCancellationRequested
                ? new(run.Text, null, "stopped", null, null, null, generation)
                : new("", null, "interrupted", null, null, null, generation);
        }
        catch (Exception fault)
        {
            LogFault(fault, run.Id);
        }
        return new("", null, "unreadable", null, null, null, generation);
    }

    private static ToolCallResult? RefusalOf(HoldOutcome held) => held.Outcome switch
    {
        "HELD" or "REPEATED" => null,
        "INSUFFICIENT_CREDITS" => new ToolCallResult.CreditsExhausted(held.Ceiling, held.Available),
        "ACCOUNT_FROZEN" => new ToolCallResult.AccountFrozen(held.Ceiling, held.Available),
        "BUSY" => new ToolCallResult.Busy(),
        _ when ReachedCap.Of(held.Outcome, held.Ceiling, held.Available, held.EndsAt) is { } cap => new ToolCallResult.CapReached(cap),
        _ => new ToolCallResult.Unavailable(),
    };

    // Never less than the provider counts.
    private static int MostTokensOf(ChatTurn turn) => MostTokensOf(turn.Content) + turn.Calls.Sum(call => MostTokensOf(call.Name + call.Arguments)) + PerTurn;

    private static int MostTokensOf(ModelFunction function) => MostTokensOf(function.Name + function.Description + function.Parameters.GetRawText()) + PerTurn;

    private static int MostTokensOf(string text) => (Encoding.UTF8.GetByteCount(text) + 2) / 3;

    [LoggerMessage(LogLevel.Error, "OpenRouter needs the operator: {Fault} for {Model}")]
    private partial void LogOperatorNeeded(ProviderFault fault, string model);

    [LoggerMessage(LogLevel.Error, "Tool call {Run} could not be read")]
    private partial void LogFault(Exception fault, Guid run);

    [LoggerMessage(LogLevel.Warning, "Tool call {Run} was not answered: {Reason}; {Refunded} credits of its launch were given back")]
    private partial void LogFailed(Guid run, string? reason, int refunded);

    [LoggerMessage(LogLevel.Warning, "The lease of tool call {Run} could not be renewed")]
    private partial void LogNotRenewed(Exception fault, Guid run);

    [LoggerMessage(LogLevel.Error, "Tool call {Run} could not be ended; the job will")]
    private partial void LogNotFinished(Exception fault, Guid run);
}
