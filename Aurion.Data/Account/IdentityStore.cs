using Dapper;

namespace Aurion.Data.Account;

/// <summary>Who somebody is at an outside provider; the address is one that the provider has verified, or null.</summary>
public sealed record OutsideIdentity(string Provider, string Subject, string? Email, string? FullName);

/// <summary>A session to open, and the one at the provider that it comes from.</summary>
public sealed record NewIdentitySession(Guid Id, string? UserAgent, string? ProviderSession, DateTimeOffset ExpiresAt);

/// <summary>The outcome is signed_in, unverified, other (with the subject that has the account), disabled, leaving or deleted.</summary>
public sealed record IdentitySignIn(string Outcome, Guid? UserId, string? Email, string? OtherSubject, bool IsNew);

/// <summary>The account of an identity; stopped when an administrator locked it, or its owner is about to leave.</summary>
public sealed record IdentityAccount(Guid UserId, string Email, bool IsStopped);

/// <summary>What a provider tells about one of its users.</summary>
public sealed record IdentityEvent(string EventId, string Type, OutsideIdentity Identity, string? Locale, DateTimeOffset OccurredAt);

/// <summary>People who sign in at Clerk, Google or GitHub, and the accounts that are theirs.</summary>
public sealed class IdentityStore(Database database, TimeProvider clock)
{
    /// <summary>Finds, links or makes the account of an identity, and opens a session there unless that is null.</summary>
    /// <param name="goneSubject">A subject that the provider no longer knows, which may lose the account to this one.</param>
    public async Task<IdentitySignIn> SignInAsync(
        OutsideIdentity identity, string locale, string? goneSubject, Guid newUserId, NewIdentitySession? session, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<IdentitySignIn>(new CommandDefinition("""
            SELECT outcome, user_id, email, other_subject, is_new
              FROM sign_in_identity(@Provider, @Subject, @Email, @FullName, @locale, @goneSubject, @newUserId,
                                    @sessionId, @userAgent, @providerSession, @expiresAt, @now)
            """, new
        {
            identity.Provider,
            identity.Subject,
            identity.Email,
            identity.FullName,
            locale,
            goneSubject,
            newUserId,
            sessionId = session?.Id,
            userAgent = session?.UserAgent,
            providerSession = session?.ProviderSession,
            expiresAt = session?.ExpiresAt,
            now = clock.GetUtcNow(),
        }, cancellationToken: ct));
    }

    public async Task<IdentityAccount?> FindAsync(string provider, string subject, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<IdentityAccount>(new CommandDefinition("""
            SELECT i.user_id, p.email, c.disabled_at IS NOT NULL OR EXISTS (SELECT FROM account_deletions d WHERE d.user_id = i.user_id) AS is_stopped
              FROM account_identities i JOIN profiles p ON p.id = i.user_id LEFT JOIN account_credentials c ON c.user_id = i.user_id
             WHERE i.provider = @provider AND i.subject = @subject
            """, new { provider, subject }, cancellationToken: ct));
    }

    /// <summary>Applies an event once; what became of it, see apply_identity_event.</summary>
    public async Task<string> ApplyAsync(IdentityEvent told, Guid newUserId, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<string>(new CommandDefinition("""
            SELECT apply_identity_event(@Provider, @EventId, @Type, @Subject, @Email, @FullName, @Locale, @OccurredAt, @newUserId, @now)
            """, new
        {
            told.Identity.Provider,
            told.EventId,
            told.Type,
            told.Identity.Subject,
            told.Identity.Email,
            told.Identity.FullName,
            told.Locale,
            told.OccurredAt,
            newUserId,
            now = clock.GetUtcNow(),
        }, cancellationToken: ct));
    }

    /// <summary>The provider has ended one of its sessions: those that came from it end, too.</summary>
    public async Task<IReadOnlyList<Guid>> EndSessionsOfAsync(string provider, string subject, string providerSession, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<Guid>(new CommandDefinition("""
            UPDATE account_sessions s SET revoked_at = @now, provider_session = NULL FROM account_identities i
             WHERE i.provider = @provider AND i.subject = @subject AND s.user_id = i.user_id AND s.provider_session = @providerSession AND s.revoked_at IS NULL
            RETURNING s.id
            """, new { provider, subject, providerSession, now = clock.GetUtcNow() }, cancellationToken: ct))).AsList();
    }

    /// <summary>Sessions at the provider of which no session is left here, oldest first; only that of one session of ours when it is given.</summary>
    public async Task<IReadOnlyList<string>> ListEndedAsync(int limit, Guid? sessionId, IReadOnlyCollection<string> except, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition("""
            SELECT provider_session FROM account_sessions s
             WHERE provider_session IS NOT NULL AND revoked_at IS NOT NULL AND (@sessionId::uuid IS NULL OR id = @sessionId) AND provider_session <> ALL (@except)
               AND NOT EXISTS (SELECT FROM account_sessions o WHERE o.user_id = s.user_id AND o.provider_session = s.provider_session AND o.revoked_at IS NULL AND o.expires_at > @now)
             GROUP BY provider_session ORDER BY min(revoked_at) LIMIT @limit
            """, new { limit, sessionId, except = except.ToArray(), now = clock.GetUtcNow() }, cancellationToken: ct))).AsList();
    }

    /// <summary>It has ended at the provider, too.</summary>
    public async Task ForgetEndedAsync(string providerSession, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE account_sessions SET provider_session = NULL WHERE provider_session = @providerSession AND revoked_at IS NOT NULL
            """, new { providerSession }, cancellationToken: ct));
    }

    /// <summary>The subjects of a user at a provider.</summary>
    public async Task<IReadOnlyList<string>> ListSubjectsAsync(Guid userId, string provider, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT subject FROM account_identities WHERE user_id = @userId AND provider = @provider", new { userId, provider }, cancellationToken: ct))).AsList();
    }
}
