using Dapper;

namespace Aurion.Data.Admin;

/// <summary>A tool or a model that can be switched off for everybody; the reason is read by whoever would have used it.</summary>
public sealed record Switchable(string Id, string Name, bool IsOn, string? Reason);

/// <summary>What administrators may switch off. New runs are refused without a charge from then on; open ones are settled for what they deliver.</summary>
public sealed class SwitchStore(Database db)
{
    public Task<IReadOnlyList<Switchable>> ListToolsAsync(CancellationToken ct = default) => ListAsync(
        "SELECT tool_id AS id, name, status = 'live' AS is_on, status_reason AS reason FROM tools WHERE status IN ('live', 'stopped') ORDER BY sort", ct);

    public Task<IReadOnlyList<Switchable>> ListModelsAsync(CancellationToken ct = default) => ListAsync(
        "SELECT model_id AS id, name, status = 'live' AS is_on, status_reason AS reason FROM ai_models ORDER BY sort", ct);

    /// <summary>False: no such tool. Null <paramref name="offBecause"/> switches it on.</summary>
    public Task<bool> SwitchToolAsync(string id, string? offBecause, CancellationToken ct = default) => SwitchAsync("""
        UPDATE tools SET status = CASE WHEN @offBecause::text IS NULL THEN 'live' ELSE 'stopped' END, status_reason = @offBecause
         WHERE tool_id = @id AND status IN ('live', 'stopped')
        """, id, offBecause, ct);

    /// <summary>False: no such model. Null <paramref name="offBecause"/> switches it on.</summary>
    public Task<bool> SwitchModelAsync(string id, string? offBecause, CancellationToken ct = default) => SwitchAsync("""
        UPDATE ai_models SET status = CASE WHEN @offBecause::text IS NULL THEN 'live' ELSE 'off' END, status_reason = @offBecause WHERE model_id = @id
        """, id, offBecause, ct);

    private async Task<IReadOnlyList<Switchable>> ListAsync(string sql, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<Switchable>(new CommandDefinition(sql, cancellationToken: ct))).AsList();
    }

    private async Task<bool> SwitchAsync(string sql, string id, string? offBecause, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, new { id, offBecause }, cancellationToken: ct)) == 1;
    }
}
