using Dapper;
using Npgsql;

namespace Aurion.Data.Tools;

/// <summary>A tool session that lives, with the account behind it. Credits; UTC.</summary>
/// <param name="IsServed">The tool has asked for it before.</param>
/// <param name="ReadsWorks">The tool may read what its person has made in other tools; a page that somebody else serves may not.</param>
/// <param name="CallsIncluded">Calls of a model that the launch paid for; so <paramref name="CallsLeft"/>, and what a further one costs.</param>
public sealed record LiveToolSession(
    DateTimeOffset ExpiresAt, int Total, int Used, int Bonus, int Available, string PlanType, string PlanStatus, bool IsServed, bool ReadsWorks, int CallsIncluded, int CallsLeft, int? CallPrice);

/// <summary>The paid visits to embedded tools.</summary>
public sealed class ToolSessionStore(Database db, TimeProvider clock)
{
    /// <summary>
    /// The session if it and the sign-in it was opened from (null: a sign-in kept elsewhere) both still live. From now on the tool has
    /// served it, and it is not given back as one that never started.
    /// </summary>
    public async Task<LiveToolSession?> FindLiveAsync(Guid userId, Guid sessionId, Guid? accountSessionId, string toolId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var now = clock.GetUtcNow();
        var session = await connection.QuerySingleOrDefaultAsync<LiveToolSession>(new CommandDefinition("""
            SELECT s.expires_at, c.total_credits AS total, c.used_credits AS used,
                   CASE WHEN c.bonus_credits > 0 THEN spendable_bonus(c.user_id, @now) ELSE 0 END AS bonus,
                   spendable_credits(c, @now) AS available,
                   p.plan_type, p.status AS plan_status, s.served_at IS NOT NULL AS is_served, t.reads_works AND t.address IS NULL AS reads_works,
                   t.included_calls AS calls_included,
                   t.included_calls - (SELECT count(*) FROM tool_runs r
                                        WHERE r.user_id = s.user_id AND r.session_id = s.id AND r.pays = 'included' AND r.state <> 'failed')::integer AS calls_left,
                   t.call_cost AS call_price
              FROM tool_sessions s
              JOIN tools t ON t.tool_id = s.tool_id
              JOIN user_credits c ON c.user_id = s.user_id
              JOIN user_plans p ON p.user_id = s.user_id
             WHERE s.user_id = @userId AND s.id = @sessionId AND s.tool_id = @toolId AND s.ended_at IS NULL AND s.expires_at > @now
               AND (@accountSessionId::uuid IS NULL OR EXISTS (
                    SELECT FROM account_sessions a
                     WHERE a.user_id = s.user_id AND a.id = @accountSessionId AND a.revoked_at IS NULL AND a.expires_at > @now))
            """, new { userId, sessionId, accountSessionId, toolId, now }, cancellationToken: ct));
        return session is null or { IsServed: true } || await ServeAsync(connection, userId, sessionId, now, ct) ? session : null;
    }

    /// <summary>Whether the launch of a session that has ended was given back.</summary>
    public async Task<bool> IsRefundedAsync(Guid userId, Guid sessionId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            SELECT EXISTS (
                SELECT FROM tool_sessions s JOIN usage_logs l ON l.user_id = s.user_id AND l.operation_id = 'refund:' || s.operation_id
                 WHERE s.user_id = @userId AND s.id = @sessionId)
            """, new { userId, sessionId }, cancellationToken: ct));
    }

    /// <summary>Ends a session because its person asked to.</summary>
    public async Task EndAsync(Guid userId, Guid sessionId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE tool_sessions SET ended_at = @now WHERE user_id = @userId AND id = @sessionId AND ended_at IS NULL", new { userId, sessionId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Ends a session that the tool never asked for and gives back its price; 0 credits when there is none such.</summary>
    public async Task<(string? ToolId, int Refunded)> RefundSilentAsync(Guid userId, Guid sessionId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<(string?, int)>(new CommandDefinition(
            "SELECT tool_id, refunded FROM refund_silent_session(@userId, @sessionId, @now)", new { userId, sessionId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>False when the session was given back a moment ago.</summary>
    private static async Task<bool> ServeAsync(NpgsqlConnection connection, Guid userId, Guid sessionId, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return await connection.ExecuteAsync(new CommandDefinition("""
                UPDATE tool_sessions SET served_at = coalesce(served_at, @now) WHERE user_id = @userId AND id = @sessionId AND ended_at IS NULL
                """, new { userId, sessionId, now }, cancellationToken: ct)) > 0;
        }
        // Nothing can be given back either while the database only reads.
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            return true;
        }
    }
}
