using System.Text.Json;

namespace Aurion.Web.Tests.Tools;

/// <summary>An agent on a piece of work of its session.</summary>
public sealed record Agent(ToolSession Session, Guid Work)
{
    public Task<(int Status, JsonElement Body)> SaveAsync(string goal, string[] steps) => Session.ActAsync(new
    {
        action = "save",
        work = new { id = Work, title = "A report", baseRevision = 0, files = new[] { new { path = "document.md", text = "" } }, state = new { goal, steps = steps.Select(text => new { text }) } },
    });

    public Task<(int Status, JsonElement Body)> AskAsync() => Session.ActAsync(new { action = "agent", workId = Work });

    public async Task<(int Status, JsonElement Body)> StartAsync(int? revision = null, int? agreedCalls = null, int? agreedCredits = null, Guid? pictureId = null) =>
        await Session.ActAsync(new { action = "agent-start", workId = Work, baseRevision = revision ?? await RevisionAsync(), agreedCalls, agreedCredits, pictureId });

    /// <summary>What it waits for, as "state reason detail".</summary>
    public async Task<string> WaitAsync()
    {
        var (_, run) = await AskAsync();
        return string.Join(' ', new[] { "state", "reason", "detail" }.Select(name => run.GetProperty(name).GetString()).Where(text => text is not null));
    }

    public async Task<string?> StateAsync() => (await AskAsync()).Body.GetProperty("state").GetString();

    public async Task<int> RevisionAsync() => (await AskAsync()).Body.GetProperty("revision").GetInt32();

    public async Task<int> CallsLeftAsync() => (await AskAsync()).Body.GetProperty("calls").GetProperty("left").GetInt32();

    public async Task<IReadOnlyList<JsonElement>> StepsAsync() =>
        [.. (await Session.ActAsync(new { action = "load", workId = Work })).Body.GetProperty("state").GetProperty("steps").EnumerateArray()];
}
