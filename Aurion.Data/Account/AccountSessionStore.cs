using Aurion.Data.Infrastructure;
using Dapper;
using Npgsql;

namespace Aurion.Data.Account;

/// <summary>Names one account session.</summary>
public sealed record SessionKey(Guid UserId, Guid SessionId);

public sealed class AccountSessionStore(Database database, TimeProvider clock)
{
    /// <summary>How often at most a session's last use is written down.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    /// <summary>False when the password hash that was verified is no longer the account's, or the account is disabled.</summary>
    public async Task<bool> OpenAsync(Guid userId, string verifiedHash, Guid sessionId, string? userAgent, bool isNewDevice, DateTimeOffset expiresAt, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT open_account_session(@userId, @verifiedHash, @sessionId, @userAgent, @expiresAt, @now, @isNewDevice)",
            new { userId, verifiedHash, sessionId, userAgent, isNewDevice, expiresAt, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>For each, in the same order, whether the session has neither been ended nor expired; notes that it was used.</summary>
    public async Task<IReadOnlyList<bool>> AreLiveAsync(IReadOnlyList<SessionKey> sessions, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenLaneAsync(ct);
        var live = (await connection.QueryAsync<LiveSession>(new CommandDefinition("""
            SELECT s.user_id, s.id AS session_id, s.last_seen_at < @now - @SeenEvery AS is_due
              FROM account_sessions s JOIN (SELECT DISTINCT user_id, id FROM unnest(@users, @ids) AS a (user_id, id)) AS asked USING (user_id, id)
             WHERE s.revoked_at IS NULL AND s.expires_at > @now
            """, new { users = sessions.Select(s => s.UserId).ToArray(), ids = sessions.Select(s => s.SessionId).ToArray(), now, SeenEvery },
            cancellationToken: ct))).ToDictionary(s => new SessionKey(s.UserId, s.SessionId), s => s.IsDue);
        if (live.ContainsValue(true))
            await NoteSeenAsync(connection, [.. live.Where(s => s.Value).Select(s => s.Key)], now, ct);
        return [.. sessions.Select(live.ContainsKey)];
    }

    // A statement of its own that may fail: while the database is read-only, who is signed in goes on reading.
    private static async Task NoteSeenAsync(NpgsqlConnection connection, IReadOnlyList<SessionKey> due, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            // A row that somebody else holds is being noted or ended by them.
            await connection.ExecuteAsync(new CommandDefinition("""
                UPDATE account_sessions s SET last_seen_at = @now
                  FROM (SELECT l.user_id, l.id FROM account_sessions l JOIN unnest(@users, @ids) AS a (user_id, id) USING (user_id, id)
                         WHERE l.revoked_at IS NULL FOR NO KEY UPDATE OF l SKIP LOCKED) AS free
                 WHERE s.user_id = free.user_id AND s.id = free.id
                """, new { users = due.Select(s => s.UserId).ToArray(), ids = due.Select(s => s.SessionId).ToArray(), now }, cancellationToken: ct));
        }
        catch (Exception fault) when (DatabaseFaults.IsUnavailable(fault))
        {
            // It is noted at the next check.
        }
    }

    private sealed record LiveSession(Guid UserId, Guid SessionId, bool IsDue);

    /// <summary>Ends one session. False when the user has no such live session.</summary>
    public async Task<bool> RevokeAsync(Guid userId, Guid sessionId, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE account_sessions SET revoked_at = @now
             WHERE user_id = @userId AND id = @sessionId AND revoked_at IS NULL
            """, new { userId, sessionId, now = clock.GetUtcNow() }, cancellationToken: ct)) == 1;
    }

    /// <summary>Ends every session of the user but the given one; returns those that ended.</summary>
    public async Task<IReadOnlyList<Guid>> RevokeOthersAsync(Guid userId, Guid? sessionId, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<Guid>(new CommandDefinition("""
            UPDATE account_sessions SET revoked_at = @now
             WHERE user_id = @userId AND id IS DISTINCT FROM @sessionId AND revoked_at IS NULL
            RETURNING id
            """, new { userId, sessionId, now = clock.GetUtcNow() }, cancellationToken: ct))).AsList();
    }
}
