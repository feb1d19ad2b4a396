using Dapper;

namespace Aurion.Data.Ai;

/// <summary>A model on offer, with what a message to it costs at most in credits.</summary>
/// <param name="IsInPlan">Whether the asked plan has it.</param>
/// <param name="FromPlan">The name of the least plan that has it.</param>
/// <param name="MostPromptPrice">The provider's price in micro-dollars for a million tokens, as the price table has it; so the next.</param>
/// <param name="OffReason">Why it is switched off; null for a model that is on.</param>
/// <param name="PictureTokens">The most that an attached picture takes; null for a model that sees none.</param>
public sealed record ModelOffer(
    string Id, string Name, string Description, bool IsInPlan, string FromPlan, int ContextTokens, int AnswerTokens, bool IsFlat, int Ceiling,
    long MostPromptPrice, long MostCompletionPrice, string? OffReason, int? PictureTokens)
{
    public bool IsOn => OffReason is null;

    public bool IsUsable => IsOn && IsInPlan;
}

/// <summary>A model that draws, with what a picture of it costs in credits.</summary>
/// <param name="IsInPlan">Whether the asked plan has it.</param>
/// <param name="FromPlan">The name of the least plan that has it.</param>
/// <param name="OffReason">Why it is switched off; null for a model that is on.</param>
public sealed record EngineOffer(string Id, string Name, string Description, bool IsInPlan, string FromPlan, int Price, string? OffReason)
{
    public bool IsOn => OffReason is null;

    public bool IsUsable => IsOn && IsInPlan;
}

/// <summary>The models that answer or draw, and their prices.</summary>
public sealed class ModelStore(Database db, TimeProvider clock)
{
    /// <summary>Those that write, in their order. <paramref name="promptTokens"/>: what the next message would send, for <see cref="ModelOffer.Ceiling"/>.</summary>
    /// <param name="lengthTimes">How many times as long as usual an answer may be.</param>
    /// <param name="pictures">How many attached pictures it would send besides.</param>
    public async Task<IReadOnlyList<ModelOffer>> ListAsync(Guid userId, string toolId, int lengthTimes, int promptTokens, int pictures = 0, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<ModelOffer>(new CommandDefinition("""
            SELECT m.model_id AS id, m.name, m.description, least_plan.sort <= own.sort AS is_in_plan, least_plan.name AS from_plan,
                   m.context_tokens + m.answer_tokens * (@lengthTimes - 1) AS context_tokens, m.answer_tokens * @lengthTimes AS answer_tokens, v.microdollars_per_credit IS NULL AS is_flat,
                   run_price(@toolId, m.model_id, v.version, 1, least(@promptTokens + @pictures * coalesce(m.picture_tokens, 0), m.context_tokens - m.answer_tokens), m.answer_tokens * @lengthTimes) AS ceiling,
                   v.prompt_price AS most_prompt_price, v.completion_price AS most_completion_price,
                   CASE WHEN m.status <> 'live' THEN coalesce(m.status_reason, '') END AS off_reason, m.picture_tokens
              FROM ai_models m
              JOIN plans least_plan ON least_plan.plan_type = m.min_plan
              JOIN user_plans p ON p.user_id = @userId
              JOIN plans own ON own.plan_type = p.plan_type
              JOIN LATERAL (SELECT * FROM model_prices v WHERE v.model_id = m.model_id AND v.valid_from <= @now ORDER BY v.version DESC LIMIT 1) v ON true
             WHERE m.kind = 'text'
             ORDER BY m.sort
            """, new { userId, toolId, lengthTimes, promptTokens, pictures, now = clock.GetUtcNow() }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>Those that draw, in their order.</summary>
    public async Task<IReadOnlyList<EngineOffer>> ListEnginesAsync(Guid userId, string toolId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<EngineOffer>(new CommandDefinition("""
            SELECT m.model_id AS id, m.name, m.description, least_plan.sort <= own.sort AS is_in_plan, least_plan.name AS from_plan,
                   run_price(@toolId, m.model_id, v.version, 1, 0, 0) AS price, CASE WHEN m.status <> 'live' THEN coalesce(m.status_reason, '') END AS off_reason
              FROM ai_models m
              JOIN plans least_plan ON least_plan.plan_type = m.min_plan
              JOIN user_plans p ON p.user_id = @userId
              JOIN plans own ON own.plan_type = p.plan_type
              JOIN LATERAL (SELECT version FROM model_prices v WHERE v.model_id = m.model_id AND v.valid_from <= @now ORDER BY v.version DESC LIMIT 1) v ON true
             WHERE m.kind = 'image'
             ORDER BY m.sort
            """, new { userId, toolId, now = clock.GetUtcNow() }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>What each of so many further tokens adds to the most that a message costs, in credits.</summary>
    public async Task<IReadOnlyList<int>> PriceEachAsync(string toolId, ModelOffer model, int promptTokens, IReadOnlyList<int> further, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<int>(new CommandDefinition("""
            SELECT run_price(@toolId, v.model_id, v.version, 1, @promptTokens + f.tokens, @AnswerTokens) - run_price(@toolId, v.model_id, v.version, 1, @promptTokens, @AnswerTokens)
              FROM unnest(@further) WITH ORDINALITY f (tokens, place)
              JOIN LATERAL (SELECT model_id, version FROM model_prices WHERE model_id = @Id AND valid_from <= @now ORDER BY version DESC LIMIT 1) v ON true
             ORDER BY f.place
            """, new { toolId, model.Id, model.AnswerTokens, promptTokens, further = further.ToArray(), now = clock.GetUtcNow() }, cancellationToken: ct))).AsList();
    }

    /// <summary>Why an administrator has stopped the tool; null while it is on.</summary>
    public async Task<string?> FindStopAsync(string toolId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT coalesce(status_reason, '') FROM tools WHERE tool_id = @toolId AND status = 'stopped'", new { toolId }, cancellationToken: ct));
    }
}
