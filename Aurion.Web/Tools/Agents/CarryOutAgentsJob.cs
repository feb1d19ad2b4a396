using System.Globalization;
using System.Text.Json;
using Aurion.Data.Ai;
using Aurion.Data.Infrastructure;
using Aurion.Data.Tools;
using Aurion.Web.Ai.Images;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Tools.Calls;
using Aurion.Web.Tools.Works;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Tools.Agents;

/// <summary>
/// Carries out what people agreed to with their agents, one call of the model or one picture after another. Whatever is known of a run stands in the
/// database before and after each call, so a process that dies leaves its runs to the next one: what it had begun is followed or made
/// again, and paid once. While another process is at work this one looks on, and so takes up a run as soon as its lease is over.
/// </summary>
public sealed partial class CarryOutAgentsJob(
    AgentRunStore agents, WorkStore works, ToolCalls calls, Studio studio, IStringLocalizer<ToolsText> words, IHostApplicationLifetime host, JobFailures failures,
    TimeProvider clock) : IJob
{
    /// <summary>A run whose worker has not said for so long that it lives is taken up by another.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private const int MostAtOnce = 32;
    private const int MostAttempts = 5;
    private const int MostUnanswered = 2;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookOnEvery = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, host.ApplicationStopping);
        var (held, renewed) = (new List<Held>(), clock.GetTimestamp());
        try
        {
            while (true)
            {
                Drop(held, each => each.Work.IsCompleted);
                if (!end.IsCancellationRequested)
                    foreach (var agent in await agents.ClaimAsync(MostAtOnce - held.Count, Lease, CancellationToken.None))
                        held.Add(new Held(agent, ServeAsync, end.Token));
                if (held.Count == 0)
                {
                    if (end.IsCancellationRequested || !await agents.AnyRunningAsync(CancellationToken.None))
                        return;
                    await Task.WhenAny(Task.Delay(LookOnEvery, end.Token));
                    continue;
                }
                if (clock.GetElapsedTime(renewed) >= RenewEvery)
                {
                    var living = (await agents.RenewAsync([.. held.Select(each => each.Agent)], Lease, CancellationToken.None)).ToHashSet();
                    foreach (var (_, lost) in held.Index().Where(each => !living.Contains(each.Index)))
                        await lost.Stop.CancelAsync();
                    renewed = clock.GetTimestamp();
                }
                await Task.WhenAny(held.Select(each => each.Work).Append(Task.Delay(Pace, CancellationToken.None)));
            }
        }
        finally
        {
            foreach (var left in held)
                await left.Stop.CancelAsync();
            await Task.WhenAll(held.Select(each => each.Work));
            Drop(held, _ => true);
        }
    }

    private static void Drop(List<Held> held, Predicate<Held> which) => held.RemoveAll(each =>
    {
        var isOver = which(each);
        if (isOver)
            each.Stop.Dispose();
        return isOver;
    });

    /// <summary>A run that this job carries out, and the way to have it leave it.</summary>
    private sealed class Held
    {
        public Held(ClaimedAgent agent, Func<ClaimedAgent, CancellationToken, Task> serve, CancellationToken end)
        {
            Agent = agent;
            Stop = CancellationTokenSource.CreateLinkedTokenSource(end);
            Work = serve(agent, Stop.Token);
        }

        public ClaimedAgent Agent { get; }

        public CancellationTokenSource Stop { get; }

        public Task Work { get; }
    }

    private async Task ServeAsync(ClaimedAgent agent, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            // What brings its process down each time is not begun for ever.
            if (agent.Attempts > MostAttempts)
            {
                await agents.WaitAsync(agent, "paused", "fault", ct: ct);
                return;
            }
            for (var unanswered = 0; unanswered >= 0;)
                unanswered = await GoOnAsync(agent, unanswered, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await LeaveAsync(agent);
        }
        catch (Exception fault)
        {
            // Its lease runs out, and it is taken up again.
            if (!DatabaseFaults.IsUnavailable(fault))
                await failures.ReportAsync<CarryOutAgentsJob>($"agent of work {agent.WorkId} of user {agent.UserId}", fault);
        }
    }

    private async Task LeaveAsync(ClaimedAgent agent)
    {
        try
        {
            await agents.LeaveAsync(agent);
        }
        catch (Exception fault) when (DatabaseFaults.IsUnavailable(fault))
        {
            // Its lease runs out.
        }
    }

    /// <summary>Makes the next call and writes down what came of it. How many calls in a row were not answered; negative: there is nothing more to do here.</summary>
    private async Task<int> GoOnAsync(ClaimedAgent agent, int unanswered, CancellationToken ct)
    {
        const int over = -1;
        if (await works.FindAsync(agent.UserId, agent.WorkId, null, ct) is not { } work)
            return over;
        var content = WorkContent.Parse(work.Content);
        if (AgentState.Read(content.State) is not { } state)
            return await WaitAsync("paused", "unreadable");
        var draft = new AgentDraft(work, content, state, () => Guid.CreateVersion7(clock.GetUtcNow()));
        if (draft.Next is null && state.Steps.Count > 0)
            return await SaveAsync("done");
        var engine = await studio.FindEngineAsync(agent.UserId, ct);
        if (draft.Picture is { } wanted)
            return await DrawAsync(wanted);

        if (await agents.BeginCallAsync(agent, draft.Key, Guid.CreateVersion7(clock.GetUtcNow()), ct) is not var (id, extraCalls))
            return over;
        var result = await calls.StartAsync(new(agent.UserId, agent.SessionId, null), AgentRuns.ToolId, draft.Call(id, extraCalls > 0 ? agent.ExtraPrice : null, draws: engine is not null), ct);
        switch (result)
        {
            case ToolCallResult.Started started:
                var end = await started.Run.Ended.WaitAsync(ct);
                return await ReadAsync(end, started.Run.Text, started.Run.Calls, started.Run.Reason);
            case ToolCallResult.Known { Run: var run }:
                return await ReadAsync(new(run.State, run.Credits, 0), run.Answer, run.ToolCalls, run.Reason);
            case ToolCallResult.BudgetSpent:
                return await WaitAsync("asking", "budget");
            case ToolCallResult.NoRepair:
                await agents.ForgetCallAsync(agent, id, ct);
                return unanswered;
            case ToolCallResult.Busy:
                return await PatientAsync(unanswered);
            default:
                return await WaitAsync("paused", ReasonOf(result));
        }

        async Task<int> ReadAsync(ToolRunEnd end, string text, string? functions, string? reason)
        {
            // Another process makes it, and may be gone: it is ended when nobody says for a while that it lives.
            if (end.State == "running")
                return await PatientAsync(unanswered);
            if (end.State == "done")
            {
                draft.Take(text, functions is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<FunctionCall>>(functions, JsonSerializerOptions.Web)!, end.Credits);
                return await SaveAsync(draft.State);
            }
            if (end.Refunded > 0)
                return await WaitAsync("paused", "refunded");
            await agents.ForgetCallAsync(agent, id, ct);
            if (reason == "interrupted")
                return await PatientAsync(unanswered);
            return unanswered + 1 < MostUnanswered ? unanswered + 1 : await WaitAsync("paused", "no_answer");
        }

        async Task<int> DrawAsync(AgentPicture wanted)
        {
            if (await studio.FindAsync(agent.UserId, wanted.Id, ct) is { } picture)
            {
                if (picture.IsOpen)
                    return await PatientAsync(unanswered);
                draft.TakePicture(wanted, picture);
                return await SaveAsync(draft.State);
            }
            if (agent.PictureId == wanted.Id && agent.PicturePrice == 0)
                return await WithoutAsync("The person does not want this picture. Go on without it.");
            if (engine is null)
                return await WithoutAsync("Error: no picture can be drawn at this moment.");
            if (agent.PictureId != wanted.Id || agent.PicturePrice < engine.Price)
                return await AskAsync("picture");
            var result = await studio.MakeAsync(agent.UserId, new PictureDraft { Prompt = wanted.Prompt, Size = wanted.Size, Engine = engine.Id, BatchId = wanted.Id }, ct);
            return result switch
            {
                PictureResult.Started or PictureResult.Busy => await PatientAsync(unanswered),
                PictureResult.CreditsExhausted => await AskAsync("picture_credits"),
                PictureResult.AccountFrozen => await AskAsync("picture_frozen"),
                PictureResult.CapReached => await AskAsync("picture_cap"),
                PictureResult.LimitReached => await AskAsync("picture_limit"),
                _ => await WithoutAsync("Error: this picture cannot be drawn."),
            };
        }

        async Task<int> WithoutAsync(string told)
        {
            draft.TakePicture(draft.Picture!, told);
            return await SaveAsync(draft.State);
        }

        async Task<int> AskAsync(string reason)
        {
            await agents.WaitAsync(agent, "asking", reason, engine!.Price.ToString(CultureInfo.InvariantCulture), ct);
            return over;
        }

        async Task<int> SaveAsync(string to)
        {
            var (kept, isDone) = (draft.Content(), to == "done");
            if (kept.Fault() is not null)
                return await WaitAsync("paused", "too_large");
            var outcome = await agents.SaveAsync(agent, new AgentProgress(work.Revision, kept.ToJson(), to, draft.Reason, draft.Detail, draft.PaidCalls, isDone ? Word("Finished") : "", isDone), ct);
            return outcome switch
            {
                "SAVED" => to == "running" ? 0 : over,
                "CONFLICT" => 0,
                "STORAGE_FULL" => await WaitAsync("paused", "storage"),
                _ => over,
            };
        }

        async Task<int> WaitAsync(string to, string reason)
        {
            await agents.WaitAsync(agent, to, reason, ct: ct);
            return over;
        }

        async Task<int> PatientAsync(int next)
        {
            await Task.Delay(Patience, ct);
            return next;
        }

        string Word(string english)
        {
            var before = CultureInfo.CurrentUICulture;
            try
            {
                CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(agent.Language);
                return words[english];
            }
            finally
            {
                CultureInfo.CurrentUICulture = before;
            }
        }
    }

    private static string ReasonOf(ToolCallResult refusal) => refusal switch
    {
        ToolCallResult.CreditsExhausted => "credits",
        ToolCallResult.AccountFrozen => "frozen",
        ToolCallResult.CapReached => "cap",
        ToolCallResult.SessionExpired => "expired",
        ToolCallResult.TooLong => "too_long",
        _ => "unavailable",
    };
}
