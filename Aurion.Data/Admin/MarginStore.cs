using Dapper;

namespace Aurion.Data.Admin;

/// <summary>What a tool with a model brought in on a plan and what it cost, in micro-dollars; see list_margins.sql.</summary>
public sealed record MarginRow(
    string Tool, string? Model, string Plan, int Runs, int Failures, int UnknownCosts, int Credits, int LostCredits, long PromptTokens, long CompletionTokens,
    long Revenue, long Cost)
{
    public long Margin => Revenue - Cost;
}

/// <summary>A model that can be switched off for everybody, with the reason.</summary>
public sealed record SwitchedModel(string Id, string Name, bool IsOn, string? Reason);

/// <summary>Money that AI runs earn and cost, for administrators.</summary>
public sealed class MarginStore(Database db)
{
    /// <summary>Of the runs that closed in this time, the worst margin first.</summary>
    public async Task<IReadOnlyList<MarginRow>> ListAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<MarginRow>(new CommandDefinition(
            "SELECT * FROM list_margins(@from, @until) ORDER BY revenue - cost, tool, model, plan", new { from, until }, cancellationToken: ct))).AsList();
    }

    public async Task<IReadOnlyList<SwitchedModel>> ListModelsAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<SwitchedModel>(new CommandDefinition(
            "SELECT model_id AS id, name, status = 'live' AS is_on, status_reason AS reason FROM ai_models ORDER BY sort", cancellationToken: ct))).AsList();
    }

    /// <summary>New runs of a model that is off are refused; open ones are settled for what they deliver. False: no such model.</summary>
    public async Task<bool> SwitchModelAsync(string modelId, string? offBecause, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE ai_models SET status = CASE WHEN @offBecause::text IS NULL THEN 'live' ELSE 'off' END, status_reason = @offBecause WHERE model_id = @modelId",
            new { modelId, offBecause }, cancellationToken: ct)) == 1;
    }
}
