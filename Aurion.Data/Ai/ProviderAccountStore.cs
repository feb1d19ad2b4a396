using Dapper;

namespace Aurion.Data.Ai;

/// <summary>
/// What the operator still has at a provider, in micro-dollars; null when it does not tell. Fault: why the last look was in vain.
/// RefusedAt: when a call was refused last for lack of money.
/// </summary>
/// <param name="DailyCost">What its runs cost a day, over the last seven.</param>
public sealed record ProviderAccount(long? Remaining, DateTimeOffset? CheckedAt, string? Fault, DateTimeOffset? RefusedAt, long DailyCost);

/// <summary>The operator's accounts at the providers.</summary>
public sealed class ProviderAccountStore(Database db, TimeProvider clock)
{
    /// <summary>OpenRouter's account.</summary>
    public async Task<ProviderAccount> GetAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<ProviderAccount>(new CommandDefinition("""
            SELECT remaining_microusd AS remaining, checked_at, fault, refused_at,
                   (SELECT coalesce(sum(cost_microusd), 0) / 7
                      FROM (SELECT model_id, cost_microusd, closed_at FROM credit_holds WHERE state <> 'open' AND closed_at > @now::timestamptz - interval '7 days'
                             UNION ALL
                            SELECT model_id, cost_microusd, closed_at FROM tool_runs WHERE pays <> 'extra' AND closed_at > @now::timestamptz - interval '7 days') r
                     WHERE model_id NOT LIKE 'freepik/%')::bigint AS daily_cost
              FROM provider_accounts
             WHERE provider = 'openrouter'
            """, new { now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>A call was refused because the account is empty. False when that was known a minute ago.</summary>
    public async Task<bool> RefuseAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE provider_accounts SET refused_at = @now
             WHERE provider = 'openrouter' AND (refused_at IS NULL OR refused_at < @now::timestamptz - interval '1 minute')
            """, new { now = clock.GetUtcNow() }, cancellationToken: ct)) > 0;
    }

    /// <summary>Keeps what was read, and tells the administrators once when it runs dry; see keep_provider_balance.sql. True when they are told.</summary>
    public async Task<bool> KeepAsync(long? remaining, string? fault, long least, IReadOnlyList<string> admins, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT keep_provider_balance('openrouter', @remaining, @fault, @least, @admins, @now)",
            new { remaining, fault, least, admins = admins.ToArray(), now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
