using Dapper;

namespace Aurion.Data.Credits;

/// <summary>How an adjustment ended, in the words of <c>adjust_user_credits</c>, and the credits that may be spent afterwards.</summary>
public sealed record Adjustment(string Outcome, int Available);

/// <summary>Credits that an administrator gives or takes.</summary>
public sealed class AdjustmentStore(Database db, TimeProvider clock)
{
    /// <summary>Once for each operation, however often it is sent.</summary>
    public async Task<Adjustment> AdjustAsync(Guid userId, int delta, string reason, Guid by, Guid operationId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<Adjustment>(new CommandDefinition(
            "SELECT outcome, available FROM adjust_user_credits(@userId, @delta, @reason, @by, @operationId, @now)",
            new { userId, delta, reason, by, operationId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
