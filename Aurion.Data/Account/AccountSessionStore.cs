using Dapper;

namespace Aurion.Data.Account;

public sealed class AccountSessionStore(Database database, TimeProvider clock)
{
    /// <summary>How often at most a session's last use is written down.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    /// <summary>False when the password hash that was verified is no longer the account's, or the account is disabled.</summary>
    public async Task<bool> OpenAsync(Guid userId, string verifiedHash, Guid sessionId, string? userAgent, DateTimeOffset expiresAt, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT open_account_session(@userId, @verifiedHash, @sessionId, @userAgent, @expiresAt, @now)",
            new { userId, verifiedHash, sessionId, userAgent, expiresAt, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Whether the session has neither been ended nor expired; notes that it was used.</summary>
    public async Task<bool> IsLiveAsync(Guid userId, Guid sessionId, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenAsync(ct);
        var seenAt = await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition("""
            SELECT last_seen_at FROM account_sessions
             WHERE user_id = @userId AND id = @sessionId AND revoked_at IS NULL AND expires_at > @now
            """, new { userId, sessionId, now }, cancellationToken: ct));
        if (now - seenAt > SeenEvery)
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE account_sessions SET last_seen_at = @now WHERE user_id = @userId AND id = @sessionId",
                new { userId, sessionId, now }, cancellationToken: ct));
        return seenAt is not null;
    }

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
