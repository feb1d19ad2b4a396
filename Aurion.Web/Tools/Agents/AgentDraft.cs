using System.Globalization;
using System.Text.RegularExpressions;
using Aurion.Data.Ai;
using Aurion.Data.Tools;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Tools.Calls;
using Aurion.Web.Tools.Works;

namespace Aurion.Web.Tools.Agents;

/// <summary>A piece of work with what an answer changes in it.</summary>
internal sealed partial class AgentDraft
{
    private const int MostCallsOfAStep = 6;
    private const int MostRepeats = 3;
    private const int MostFunctionsAtOnce = 16;
    private const int KeptOfWhatWasGiven = 300;
    private const int KeptOfAResult = 600;
    private const int LongestOutcome = 200;

    private readonly AgentState agent;
    private readonly Work work;
    private readonly IReadOnlyList<WorkFile> files;
    private readonly Func<Guid> newId;
    private string document;

    public AgentDraft(Work work, WorkContent content, AgentState agent, Func<Guid> newId)
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
