using Aurion.Data.Credits;
using Dapper;

namespace Aurion.Data.Tools;

/// <summary>What the page of one tool shows, in one round trip.</summary>
public sealed class LaunchPageStore(Database db, TimeProvider clock)
{
    /// <summary>How long an expired session is worth a word.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromDays(1);

    public Task<LaunchPage?> FindAsync(Guid userId, string toolId, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        return db.ReadAsync(userId, $"""
            SELECT {ToolCard.Columns}
              FROM tools t
             WHERE t.tool_id = @toolId AND t.status <> 'off';
            SELECT {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = @userId;
            SELECT id, created_at AS started_at, expires_at, credits_consumed AS paid
              FROM tool_sessions
             WHERE user_id = @userId AND tool_id = @toolId AND ended_at IS NULL AND expires_at > @now
             ORDER BY expires_at DESC
             LIMIT 1;
            SELECT max(expires_at)
              FROM tool_sessions
             WHERE user_id = @userId AND tool_id = @toolId AND ended_at IS NULL AND expires_at > @recently AND expires_at <= @now;
            SELECT n.plan_type AS plan, n.name, n.monthly_price_cents AS monthly_cents, n.credits_monthly AS credits
              FROM plans n
              JOIN tools t ON t.tool_id = @toolId AND t.cost <= n.credits_monthly
             WHERE n.sort > (SELECT own.sort FROM plans own JOIN user_plans p ON p.plan_type = own.plan_type WHERE p.user_id = @userId)
             ORDER BY n.monthly_price_cents
             LIMIT 1;
            SELECT {ToolCard.Columns}
              FROM tools t
             WHERE t.status = 'live' AND t.tool_id <> @toolId
             ORDER BY t.cost DESC, t.sort
            """, new { toolId, now, recently = now - Recently },
            async results => await results.ReadSingleOrDefaultAsync<ToolCard>() is not { } tool
                ? null
                : new LaunchPage(
                    tool,
                    await results.ReadSingleAsync<Balance>(),
                    await results.ReadSingleOrDefaultAsync<OpenSession>(),
                    await results.ReadSingleAsync<DateTimeOffset?>(),
                    await results.ReadSingleOrDefaultAsync<PlanOffer>(),
                    [.. await results.ReadAsync<ToolCard>()]), ct);
    }

    /// <summary>The tool alone, for somebody who has not signed in.</summary>
    public async Task<ToolCard?> FindToolAsync(string toolId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ToolCard>(new CommandDefinition("""
            SELECT tool_id AS id, name, description, category, status, cost, false AS is_favourite, false AS is_open
              FROM tools
             WHERE tool_id = @toolId AND status <> 'off'
            """, new { toolId }, cancellationToken: ct));
    }
}
