using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
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
    private const int MostCallsOfAStep = 6;
    private const int MostRepeats = 3;
    private const int MostUnanswered = 2;
    private const int MostFunctionsAtOnce = 16;
    private const int KeptOfWhatWasGiven = 300;
    private const int KeptOfAResult = 600;
    private const int LongestOutcome = 200;
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
        var draft = new Draft(work, content, state, () => Guid.CreateVersion7(clock.GetUtcNow()));
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

    /// <summary>A piece of work with what an answer changes in it.</summary>
    private sealed partial class Draft
    {
        private readonly AgentState agent;
        private readonly Work work;
        private readonly IReadOnlyList<WorkFile> files;
        private readonly Func<Guid> newId;
        private string document;

        public Draft(Work work, WorkContent content, AgentState agent, Func<Guid> newId)
        {
            (this.work, this.agent, this.newId) = (work, agent, newId);
            files = [.. content.Files.Where(file => file.Path != AgentDocument.Path)];
            document = content.Files.FirstOrDefault(file => file.Path == AgentDocument.Path)?.Text ?? "";
            var next = agent.Steps.Index().FirstOrDefault(step => !step.Item.IsDone, (-1, null!));
            Next = next.Item2;
            // A step that was changed begins anew.
            if (Next is not null && (agent.At?.Step != next.Item1 || agent.At.Text != Next.Text))
                agent.At = new AgentTurn { Step = next.Item1, Text = Next.Text, Said = [], Seen = [] };
        }

        /// <summary>The first step that is not done.</summary>
        public AgentStep? Next { get; }

        /// <summary>The first picture that is wanted and not there.</summary>
        public AgentPicture? Picture => Next is null ? null : agent.At?.Pictures is [var first, ..] ? first : null;

        /// <summary>What the run is after the answer, and a word for why it waits.</summary>
        public string State { get; private set; } = "running";

        public string? Reason { get; private set; }

        public string? Detail { get; private set; }

        public int PaidCalls { get; private set; }

        /// <summary>Other for each call that is to be made.</summary>
        public string Key => agent.At is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.Step} {at.Calls} {at.Text}") : "plan";

        public ToolCall Call(Guid id, int? agreedCredits, bool draws) => new()
        {
            Id = id,
            Purpose = Next is null ? "plan" : "step",
            Turns = Next is null ? AgentPrompts.Plan(agent, files, draws) : AgentPrompts.Step(agent, agent.At!, files, document, draws),
            Functions = Next is null ? [] : AgentFunctions.Offered(draws),
            AgreedCredits = agreedCredits,
        };

        public WorkContent Content()
        {
            agent.Machine = agent.Steps.Any(step => step.IsDone);
            return new([new(AgentDocument.Path, document), .. files], agent.Write());
        }

        public void Take(string text, IReadOnlyList<FunctionCall> called, int credits)
        {
            agent.Used++;
            agent.Paid += credits;
            PaidCalls = credits > 0 ? 1 : 0;
            if (Next is null)
            {
                agent.Steps = AgentPrompts.ReadPlan(text, agent.Goal);
                State = "planned";
                return;
            }
            var at = agent.At!;
            at.Calls++;
            if (called.Count == 0)
                Finish(FirstSentence().Match(text).Value.Cut(LongestOutcome), Next.Text, text);
            else if (!Perform(at, [.. called.Take(MostFunctionsAtOnce)], text) && State == "running" && at.Calls >= MostCallsOfAStep)
                BeStuck("no_progress", at.Calls.ToString(CultureInfo.InvariantCulture));
        }

        /// <summary>What became of a picture: the model reads it, and one that was drawn stands in the step's section.</summary>
        public void TakePicture(AgentPicture wanted, Picture picture)
        {
            if (picture.IsDone)
            {
                var drawing = new AgentDrawing(picture.Id, wanted.Prompt.Cut(KeptOfWhatWasGiven));
                agent.At!.Drawn = [.. agent.At.Drawn ?? [], drawing];
                agent.Paid += picture.Credits ?? 0;
                TakePicture(wanted, $"The picture is drawn. It stands at the end of this step's section, or where you write {WorkPictures.Write(drawing.Id, drawing.Prompt)}");
                return;
            }
            TakePicture(wanted, picture.State == "refused"
                ? "Error: the engine refuses to draw this. The person was not charged."
                : "Error: the picture was not drawn. The person was not charged.");
        }

        public void TakePicture(AgentPicture wanted, string told)
        {
            var at = agent.At!;
            at.Said = [.. at.Said, new("tool", told, null, wanted.CallId)];
            at.Pictures = [.. at.Pictures!.Where(picture => picture != wanted)];
            Next!.Log = [.. Next.Log ?? [], new(AgentFunctions.Picture, wanted.Prompt.Cut(KeptOfWhatWasGiven), told.Cut(KeptOfAResult))];
        }

        /// <summary>True when the step is finished.</summary>
        private bool Perform(AgentTurn at, IReadOnlyList<FunctionCall> called, string text)
        {
            var (said, seen, log) = (at.Said.ToList(), at.Seen.ToList(), (Next!.Log ?? []).ToList());
            var ended = (AgentFunctions.Given?)null;
            var pictures = new List<AgentPicture>();
            said.Add(new("assistant", text.Length > 0 ? text : null, called, null));
            foreach (var call in called)
            {
                var result = AgentFunctions.Perform(files, call);
                var sign = $"{call.Name} {call.Arguments}";
                var times = seen.Count(each => each == sign) + 1;
                seen.Add(sign);
                if (call.Name == AgentFunctions.Picture && result.Length == 0)
                {
                    var given = AgentFunctions.Given.Read(call.Arguments)!;
                    pictures.Add(new(newId(), call.Id, given.Text("prompt")!.Trim(), given.Text("size")!));
                    if (times >= MostRepeats)
                        BeStuck("loop", call.Name);
                    continue;
                }
                if (call.Name == AgentFunctions.FinishStep && result.Length == 0 && called.Any(each => each.Name == AgentFunctions.Picture))
                    result = "Error: finish the step once you have read what became of the picture.";
                if (call.Name == AgentFunctions.FinishStep && result.Length == 0)
                {
                    ended = AgentFunctions.Given.Read(call.Arguments);
                    said.Add(new("tool", "The step is finished.", null, call.Id));
                    continue;
                }
                if (times > 1)
                    result += "\nYou have made this very call before, and its result is the same. Do something else, or finish the step.";
                said.Add(new("tool", result, null, call.Id));
                log.Add(new(call.Name, call.Arguments.Cut(KeptOfWhatWasGiven), result.Cut(KeptOfAResult)));
                if (times >= MostRepeats && ended is null)
                    BeStuck("loop", call.Name);
            }
            Next.Log = log;
            if (ended is null)
            {
                if (agent.At is not null)
                    (at.Said, at.Seen, at.Pictures) = (said, seen, pictures);
                return false;
            }
            (State, Reason, Detail) = ("running", null, null);
            Finish(ended.Text("outcome")!, ended.Text("heading") is { } heading && heading.Trim().Length > 0 ? heading : Next.Text, ended.Text("markdown")!);
            return true;
        }

        private void BeStuck(string reason, string detail)
        {
            (State, Reason, Detail) = ("stuck", reason, detail);
            agent.At = null;
        }

        private void Finish(string outcome, string heading, string markdown)
        {
            (Next!.IsDone, Next.Outcome) = (true, outcome.Trim());
            var unplaced = (agent.At?.Drawn ?? []).Where(each => !WorkPictures.Shows(markdown, each.Id)).Select(each => WorkPictures.Write(each.Id, each.Prompt)).ToList();
            agent.At = null;
            document = AgentDocument.WithSection(document, work.Title, heading, string.Join("\n\n", [markdown.Trim(), .. unplaced]));
            if (agent.Steps.All(step => step.IsDone))
                State = "done";
        }

        [GeneratedRegex(@"\A[\s\S]*?(?<=[.!?])(?=\s)|\A[\s\S]*", RegexOptions.None, 1000)]
        private static partial Regex FirstSentence();
    }
}
