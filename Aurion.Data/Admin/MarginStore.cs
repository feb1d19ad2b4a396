using Dapper;

namespace Aurion.Data.Admin;

/// <summary>What a tool with a model brought in on a plan and what it cost, in micro-dollars; see list_margins.sql.</summary>
public sealed record MarginRow(
    string Tool, string? Model, string Plan, int Runs, int Failures, int UnknownCosts, int Credits, int LostCredits, long PromptTokens, long CompletionTokens,
    long Revenue, long Cost)
{
    public long Margin => Revenue - Cost;
}

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
}
