using Dapper;

namespace Aurion.Data.Ai;

/// <summary>What a model that writes costs by its newest version, in micro-dollars for a million tokens.</summary>
public sealed record ModelPrice(string Id, long PromptPrice, long CompletionPrice);

/// <summary>The price tables by version.</summary>
public sealed class ModelPriceStore(Database db, TimeProvider clock)
{
    public async Task<IReadOnlyList<ModelPrice>> ListAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<ModelPrice>(new CommandDefinition("""
            SELECT m.model_id AS id, v.prompt_price, v.completion_price
              FROM ai_models m
              JOIN LATERAL (SELECT * FROM model_prices v WHERE v.model_id = m.model_id ORDER BY v.version DESC LIMIT 1) v ON true
             WHERE m.kind = 'text'
             ORDER BY m.sort
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>Takes over a price, and switches the model off where there is a reason; see import_model_price.sql for what it returns.</summary>
    public async Task<string> ImportAsync(string modelId, long? promptPrice, long? completionPrice, string? offReason, IReadOnlyList<string> admins, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            "SELECT import_model_price(@modelId, @promptPrice, @completionPrice, @offReason, @admins, @now)",
            new { modelId, promptPrice, completionPrice, offReason, admins = admins.ToArray(), now = clock.GetUtcNow() }, cancellationToken: ct)))!;
    }
}
