using Dapper;

namespace Aurion.Data.Tools;

/// <summary>A call of a model that a tool asks for.</summary>
/// <param name="Repairs">The run whose mistake it repairs, which is free.</param>
/// <param name="IsExtra">A hold of the same id stands for it.</param>
/// <param name="PromptTokens">The most that the prompt can be.</param>
public sealed record ToolRunDraft(Guid UserId, Guid SessionId, string ToolId, Guid Id, string Purpose, Guid? Repairs, bool IsExtra, int PromptTokens);

/// <summary>What the database decided; the names of the outcomes stand in begin_tool_run.sql. Price in credits for a further call.</summary>
public sealed record ToolRunOutcome(
    string Outcome, string? Pays, int CallsLeft, int Price, string? ModelId, int AnswerTokens, long MostPromptPrice, long MostCompletionPrice);

/// <summary>What a provider delivered. Calls of functions are JSON, null when there are none; so is provider cost, in micro-dollars, where it told none.</summary>
public sealed record ToolRunDelivery(string Answer, string? ToolCalls, string? Reason, int? PromptTokens, int? CompletionTokens, long? CostMicrodollars, string? GenerationId);

/// <summary>How a run ended: done or failed, the credits it took by itself, and those of the launch that were given back.</summary>
public sealed record ToolRunEnd(string State, int Credits, int Refunded);

/// <summary>A run as it stands; calls of functions are JSON.</summary>
/// <param name="ExpiresAt">When the process that makes it counts as dead, unless it says before that it lives.</param>
public sealed record ToolRun(Guid Id, string Purpose, string State, string Answer, string? ToolCalls, string? Reason, int Credits, string Pays, DateTimeOffset ExpiresAt);

/// <summary>The calls of models within the budget of a tool session.</summary>
public sealed class ToolRunStore(Database db, TimeProvider clock)
{
    public async Task<ToolRunOutcome> BeginAsync(ToolRunDraft draft, TimeSpan lifetime, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<ToolRunOutcome>(new CommandDefinition("""
            SELECT outcome, pays, calls_left, coalesce(price, 0) AS price, model_id, coalesce(answer_tokens, 0) AS answer_tokens,
                   coalesce(most_prompt_price, 0) AS most_prompt_price, coalesce(most_completion_price, 0) AS most_completion_price
              FROM begin_tool_run(@UserId, @SessionId, @ToolId, @Id, @Purpose, @Repairs, @IsExtra, @PromptTokens, @lifetime, @now)
            """, new { draft.UserId, draft.SessionId, draft.ToolId, draft.Id, draft.Purpose, draft.Repairs, draft.IsExtra, draft.PromptTokens, lifetime, now = clock.GetUtcNow() },
            cancellationToken: ct));
    }

    /// <summary>Ends a run once; whoever comes second gets the figures of the first.</summary>
    public async Task<ToolRunEnd> FinishAsync(Guid userId, Guid id, ToolRunDelivery delivery, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<ToolRunEnd>(new CommandDefinition("""
            SELECT state, credits, refunded
              FROM finish_tool_run(@userId, @id, @Answer, @ToolCalls::jsonb, @Reason, @PromptTokens, @CompletionTokens, @CostMicrodollars, @GenerationId, @now)
            """, new
        {
            userId,
            id,
            delivery.Answer,
            delivery.ToolCalls,
            delivery.Reason,
            delivery.PromptTokens,
            delivery.CompletionTokens,
            delivery.CostMicrodollars,
            delivery.GenerationId,
            now = clock.GetUtcNow(),
        }, cancellationToken: ct));
    }

    /// <summary>Says that the process of a run lives; true when its person wants it stopped.</summary>
    public async Task<bool> RenewAsync(Guid userId, Guid id, TimeSpan lifetime, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            UPDATE tool_runs SET expires_at = @until WHERE user_id = @userId AND id = @id AND state = 'running' RETURNING stop_asked_at IS NOT NULL
            """, new { userId, id, until = clock.GetUtcNow() + lifetime }, cancellationToken: ct));
    }

    /// <summary>Has the process that makes a call stop it when it next says that it lives.</summary>
    public async Task AskToStopAsync(Guid userId, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE tool_runs SET stop_asked_at = @now WHERE user_id = @userId AND id = @id AND state = 'running'", new { userId, id, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Gives back what was held for a run that could not begin.</summary>
    public async Task ReleaseAsync(Guid userId, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT close_hold(@userId, @id, 0, 0, 0, NULL, NULL, 'not_begun', @now)", new { userId, id, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Releases what was held for runs whose process died before they began.</summary>
    public async Task ReleaseOrphansAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            SELECT close_hold(h.user_id, h.id, 0, 0, 0, NULL, NULL, 'not_begun', @now)
              FROM credit_holds h JOIN tools t ON t.tool_id = h.tool_id AND t.kind = 'embedded'
             WHERE h.state = 'open' AND h.expires_at <= @now AND NOT EXISTS (SELECT FROM tool_runs r WHERE r.user_id = h.user_id AND r.id = h.id)
            """, new { now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>The run, if it is of this session.</summary>
    public Task<ToolRun?> FindAsync(Guid userId, Guid sessionId, Guid id, CancellationToken ct = default) =>
        db.FindAsync<ToolRun>(userId, """
            SELECT id, purpose, state, answer, tool_calls, reason, credits, pays, expires_at FROM tool_runs WHERE user_id = @userId AND id = @id AND session_id = @sessionId
            """, new { id, sessionId }, ct);

    /// <summary>Runs whose process has died.</summary>
    public async Task<IReadOnlyList<(Guid UserId, Guid Id)>> ListAbandonedAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<(Guid, Guid)>(new CommandDefinition(
            "SELECT user_id, id FROM tool_runs WHERE state = 'running' AND expires_at <= @now ORDER BY expires_at LIMIT 500", new { now = clock.GetUtcNow() }, cancellationToken: ct));
        return rows.AsList();
    }
}
