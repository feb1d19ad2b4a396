using Aurion.Data.Tools;
using Aurion.Web.Infrastructure.Errors;
using Aurion.Web.Tools.Agents;

namespace Aurion.Web.Tools;

/// <summary>The actions of an agent's page.</summary>
public static partial class ToolActions
{
    private const int MostAgreedCalls = 20;

    private sealed partial record Acting
    {
        public async Task<IResult> FindAgentAsync(ActionInput input, CancellationToken ct)
        {
            if (await FindAsync(input, ct) is not { } work)
                return NotThere();
            var run = await Agents.FindAsync(Ticket, work.Id, ct);
            // What was agreed to in another session ended with it.
            var extraCalls = run?.SessionId == Ticket.SessionId ? run.ExtraCalls : 0;
            return Results.Ok(new { run?.State, run?.Reason, run?.Detail, extraCalls, revision = run?.Revision ?? work.Revision, calls = CallsOf(Session) });
        }

        public async Task<IResult> StartAgentAsync(ActionInput input, CancellationToken ct)
        {
            if (input.WorkId is not { } id || input.AgreedCalls is < 0 or > MostAgreedCalls || input.AgreedCredits < 0 || (input.PictureId is not null && input.AgreedCalls is not null))
                return ApiProblem.Answer(400, "CALL_INVALID", "Call not valid", "An agent begins with workId and baseRevision; agreedCalls is 20 at most.");
            return await Agents.StartAsync(Ticket, id, input.BaseRevision, new AgentAgreement(input.AgreedCalls ?? 0, input.PictureId, input.AgreedCredits ?? 0), ct) switch
            {
                AgentStart.Running => await FindAgentAsync(input, ct),
                AgentStart.NotFound => NotThere(),
                AgentStart.Invalid => ApiProblem.Answer(422, "AGENT_INVALID", "Agent not valid", "The state of this piece of work has no goal and steps that can be carried out."),
                _ => ApiProblem.Answer(409, "WORK_CHANGED", "Work changed elsewhere", "Another tab saved it meanwhile. Nothing was overwritten: load it, or save with force."),
            };
        }

        public async Task<IResult> PauseAgentAsync(ActionInput input, CancellationToken ct)
        {
            if (input.WorkId is { } id)
                await Agents.PauseAsync(Ticket, id, ct);
            return await FindAgentAsync(input, ct);
        }

        public async Task<IResult> StopAgentAsync(ActionInput input, CancellationToken ct)
        {
            if (input.WorkId is { } id)
                await Agents.StopAsync(Ticket, id, ct);
            return await FindAgentAsync(input, ct);
        }
    }
}
