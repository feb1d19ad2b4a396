using System.Globalization;
using Aurion.Data.Tools;
using Aurion.Web.Ai.Images;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Tools.Calls;
using Aurion.Web.Tools.Works;

namespace Aurion.Web.Tools.Agents;

/// <summary>What became of it.</summary>
public enum AgentStart
{
    /// <summary>It runs, from now on or since before.</summary>
    Running,

    /// <summary>There is no such piece of work of this tool.</summary>
    NotFound,

    /// <summary>The piece was saved elsewhere meanwhile.</summary>
    Changed,

    /// <summary>The piece has no goal and no plan that can be carried out.</summary>
    Invalid,
}

/// <summary>
/// Agents at work on pieces of work: their person begins, pauses and stops them, and <see cref="CarryOutAgentsJob"/> goes on with them
/// whoever looks.
/// </summary>
public sealed class AgentRuns(AgentRunStore runs, WorkStore works, ToolCalls calls, Studio studio, JobQueue jobs)
{
    public const string ToolId = "ai-agents";

    /// <summary>Begins with the piece as it stands at a revision, or goes on with what its person agrees to; the plan comes first where it has none.</summary>
    public async Task<AgentStart> StartAsync(ToolSessionTicket ticket, Guid workId, int revision, AgentAgreement agreed, CancellationToken ct)
    {
        if (await works.FindAsync(ticket.UserId, workId, null, ct) is not { ToolId: ToolId } work)
            return AgentStart.NotFound;
        if (AgentState.Read(WorkContent.Parse(work.Content).State) is null)
            return AgentStart.Invalid;
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        if (!await runs.BeginAsync(ticket.UserId, workId, ToolId, ticket.SessionId, language, revision, agreed, ct))
            return await runs.FindAsync(ticket.UserId, workId, ct) is { State: "running" } ? AgentStart.Running : AgentStart.Changed;
        await jobs.WakeAsync<CarryOutAgentsJob>(ct);
        return AgentStart.Running;
    }

    public Task<AgentRun?> FindAsync(ToolSessionTicket ticket, Guid workId, CancellationToken ct) => runs.FindAsync(ticket.UserId, workId, ct);

    public Task PauseAsync(ToolSessionTicket ticket, Guid workId, CancellationToken ct) => runs.PauseAsync(ticket.UserId, workId, ct);

    /// <summary>Stops it with the call that is under way, and with a picture that no engine has begun.</summary>
    public async Task StopAsync(ToolSessionTicket ticket, Guid workId, CancellationToken ct)
    {
        if (await runs.StopAsync(ticket.UserId, workId, ct) is not { } stopped)
            return;
        if (stopped.CallId is { } call)
            await calls.StopAsync(ticket with { SessionId = stopped.SessionId }, call, ct);
        if (stopped.PictureId is { } picture)
            await studio.StopAsync(ticket.UserId, picture, ct);
    }
}
