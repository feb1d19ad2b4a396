using Dapper;

namespace Aurion.Data.Infrastructure;

/// <summary>Removes what is kept for a time only.</summary>
public sealed class RetentionStore(Database db)
{
    private const int Batch = 5000;

    /// <summary>Removes what <c>forget_old_rows</c> knows as <paramref name="kind"/> and is from before an instant, batch by batch; how many rows.</summary>
    public async Task<int> ForgetAsync(string kind, DateTimeOffset before, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        for (var forgotten = 0; ;)
        {
            var batch = await connection.QuerySingleAsync<int>(new CommandDefinition(
                "SELECT forget_old_rows(@kind, @before, @Batch)", new { kind, before, Batch }, commandTimeout: 300, cancellationToken: ct));
            forgotten += batch;
            if (batch < Batch)
                return forgotten;
        }
    }
}
