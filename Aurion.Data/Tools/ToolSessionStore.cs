using Dapper;

namespace Aurion.Data.Tools;

/// <summary>A tool session that lives, with the account behind it. Credits; UTC.</summary>
public sealed record LiveToolSession(DateTimeOffset ExpiresAt, int Total, int Used, int Bonus, int Available, string PlanType, string PlanStatus);

/// <summary>The paid visits to embedded tools.</summary>
public sealed class ToolSessionStore(Database db, TimeProvider clock)
{
    /// <summary>The session if it and the sign-in it was opened from (null: a sign-in kept elsewhere) both still live.</summary>
    public async Task<LiveToolSession?> FindLiveAsync(Guid userId, Guid sessionId, Guid? accountSessionId, string toolId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<LiveToolSession>(new CommandDefinition("""
            SELECT s.expires_at, c.total_credits AS total, c.used_credits AS used,
                   CASE WHEN c.bonus_credits > 0 THEN spendable_bonus(c.user_id, @now) ELSE 0 END AS bonus,
                   spendable_credits(c, @now) AS available,
                   p.plan_type, p.status AS plan_status
              FROM tool_sessions s
              JOIN user_credits c ON c.user_id = s.user_id
              JOIN user_plans p ON p.user_id = s.user_id
             WHERE s.user_id = @userId AND s.id = @sessionId AND s.tool_id = @toolId AND s.ended_at IS NULL AND s.expires_at > @now
               AND (@accountSessionId::uuid IS NULL OR EXISTS (
                    SELECT FROM account_sessions a
                     WHERE a.user_id = s.user_id AND a.id = @accountSessionId AND a.revoked_at IS NULL AND a.expires_at > @now))
            """, new { userId, sessionId, accountSessionId, toolId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
