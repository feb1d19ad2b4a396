using Dapper;

namespace Aurion.Data.Ai;

/// <summary>A run that wants credits reserved. Tokens: the most that it can take; <paramref name="Id"/> makes a retry safe.</summary>
public sealed record HoldRequest(Guid UserId, Guid Id, string ToolId, string? ModelId, int Units, int PromptTokens, int CompletionTokens, DateTimeOffset Arrived);

/// <summary>What the database decided; the names of the outcomes stand in hold_credits.sql. <paramref name="EndsAt"/>: when a limit ends.</summary>
public sealed record HoldOutcome(string Outcome, int Ceiling, int Available, int LimitedTo, DateTimeOffset? EndsAt);

/// <summary>What a run delivered. Nothing delivered (0 units) is not charged. Provider cost in micro-dollars; null when it is not known yet.</summary>
public sealed record Delivery(int Units, int PromptTokens, int CompletionTokens, long? CostMicrodollars, string? GenerationId, string? Reason);

/// <summary>How a run was closed: SETTLED, RELEASED or CLOSED (before); what it was charged, and its row of the ledger.</summary>
public sealed record Closing(string Outcome, int Credits, long Seq);

/// <summary>Credits held for runs whose price is known at their end.</summary>
public sealed class HoldStore(Database db, TimeProvider clock)
{
    /// <summary>One outcome for each request, in the same order, after they are durable.</summary>
    public async Task<IReadOnlyList<HoldOutcome>> HoldAsync(IReadOnlyList<HoldRequest> requests, TimeSpan lifetime, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenLaneAsync(ct);
        var rows = await connection.QueryAsync<HoldOutcome>(new CommandDefinition("""
            SELECT outcome, coalesce(ceiling, 0) AS ceiling, coalesce(available, 0) AS available, coalesce(limited_to, 0) AS limited_to, ends_at
              FROM hold_credits(@users, @ids, @tools, @models, @units, @prompts, @completions, @arrived, @expires, @now)
             ORDER BY place
            """, new
        {
            users = requests.Select(r => r.UserId).ToArray(),
            ids = requests.Select(r => r.Id).ToArray(),
            tools = requests.Select(r => r.ToolId).ToArray(),
            models = requests.Select(r => r.ModelId).ToArray(),
            units = requests.Select(r => r.Units).ToArray(),
            prompts = requests.Select(r => r.PromptTokens).ToArray(),
            completions = requests.Select(r => r.CompletionTokens).ToArray(),
            arrived = requests.Select(r => r.Arrived.UtcDateTime).ToArray(),
            expires = now + lifetime,
            now,
        }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>Charges what was delivered, once, and releases the rest.</summary>
    public async Task<Closing> CloseAsync(Guid userId, Guid id, Delivery delivery, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<Closing>(new CommandDefinition("""
            SELECT outcome, credits, coalesce(seq, 0) AS seq
              FROM close_holds(ARRAY[@userId], ARRAY[@id], ARRAY[@Units], ARRAY[@PromptTokens], ARRAY[@CompletionTokens], ARRAY[@CostMicrodollars], ARRAY[@GenerationId], ARRAY[@Reason], @now)
            """, new { userId, id, delivery.Units, delivery.PromptTokens, delivery.CompletionTokens, delivery.CostMicrodollars, delivery.GenerationId, delivery.Reason, now = clock.GetUtcNow() },
            cancellationToken: ct));
    }

    /// <summary>Closed runs of which the provider's cost is missing although it keeps a record of them.</summary>
    public async Task<IReadOnlyList<(Guid UserId, Guid Id, string GenerationId)>> ListWithoutCostAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<(Guid, Guid, string)>(new CommandDefinition("""
            SELECT user_id, id, generation_id
              FROM credit_holds
             WHERE cost_microusd IS NULL AND generation_id IS NOT NULL AND state <> 'open' AND closed_at > @now::timestamptz - interval '1 day'
             ORDER BY closed_at
             LIMIT 200
            """, new { now = clock.GetUtcNow() }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>Writes the provider's cost that came late. What the person was charged does not change.</summary>
    public async Task KeepCostAsync(Guid userId, Guid id, long costMicrodollars, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE credit_holds SET cost_microusd = @costMicrodollars WHERE user_id = @userId AND id = @id AND cost_microusd IS NULL",
            new { userId, id, costMicrodollars }, cancellationToken: ct));
    }
}
