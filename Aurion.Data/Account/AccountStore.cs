using Dapper;

namespace Aurion.Data.Account;

/// <summary>The password that proves that somebody is the owner of an account. Whoever signs in elsewhere only has none.</summary>
public sealed record Credential(Guid UserId, string Email, string PasswordHash, bool IsDisabled);

public sealed class AccountStore(Database database, TimeProvider clock)
{
    /// <summary>
    /// Creates the user with profile, free plan and credits, which wait for the proof of the address when <paramref name="network"/> has made
    /// <paramref name="free"/> accounts within a day. Whether they wait; null when the e-mail is taken.
    /// </summary>
    public async Task<bool?> CreateAsync(
        Guid userId, string email, string? fullName, string locale, string passwordHash, string network, int free, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool?>(new CommandDefinition(
            "SELECT create_account(@userId, @email, @fullName, @locale, @passwordHash, @now, @network, @free)",
            new { userId, email, fullName, locale, passwordHash, network, free, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    public Task<Credential?> FindCredentialAsync(string email, CancellationToken ct = default) =>
        FindAsync("""
            SELECT user_id, email, password_hash, disabled_at IS NOT NULL AS is_disabled
              FROM account_credentials WHERE email = @email AND password_hash IS NOT NULL
            """, new { email }, ct);

    public Task<Credential?> FindCredentialAsync(Guid userId, CancellationToken ct = default) =>
        FindAsync("""
            SELECT user_id, email, password_hash, disabled_at IS NOT NULL AS is_disabled
              FROM account_credentials WHERE user_id = @userId AND password_hash IS NOT NULL
            """, new { userId }, ct);

    /// <summary>Stores the same password under a stronger hash, unless it was changed meanwhile.</summary>
    public async Task<bool> RehashAsync(Guid userId, string oldHash, string newHash, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE account_credentials SET password_hash = @newHash
             WHERE user_id = @userId AND password_hash = @oldHash
            """, new { userId, oldHash, newHash }, cancellationToken: ct)) == 1;
    }

    /// <summary>Replaces the password and ends every session but the given one; returns those, or null when it was changed meanwhile.</summary>
    public async Task<IReadOnlyList<Guid>?> ChangePasswordAsync(Guid userId, string oldHash, string newHash, Guid? sessionId, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<Guid[]?>(new CommandDefinition(
            "SELECT change_account_password(@userId, @oldHash, @newHash, @sessionId, @now)",
            new { userId, oldHash, newHash, sessionId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>No sign-in from now on, and every session ends; returns those, or null when there is no such account.</summary>
    public async Task<IReadOnlyList<Guid>?> DisableAsync(Guid userId, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<Guid[]?>(new CommandDefinition(
            "SELECT disable_account(@userId, @now)",
            new { userId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Lets the person sign in again. False when there is no such account.</summary>
    public async Task<bool> EnableAsync(Guid userId, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE account_credentials SET disabled_at = NULL WHERE user_id = @userId", new { userId }, cancellationToken: ct)) == 1;
    }

    private async Task<Credential?> FindAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Credential>(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }
}
