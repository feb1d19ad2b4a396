using System.Security.Cryptography;
using Dapper;

namespace Aurion.Data.Account;

/// <summary>A passkey as its owner sees it; when it is backed up, a password manager has it on more than one device.</summary>
public sealed record Passkey(Guid Id, string Name, bool IsBackedUp, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>What checks the signature of a passkey, and the address of its account.</summary>
public sealed record PasskeyCredential(Guid UserId, Guid Id, byte[] PublicKey, string Email);

/// <summary>What a device says about a passkey that it has made.</summary>
public sealed record NewPasskey(byte[] CredentialId, byte[] PublicKey, long SignCount, bool IsBackedUp);

/// <summary>What a device is asked to sign.</summary>
public sealed record PasskeyChallenge(Guid Id, byte[] Challenge);

/// <summary>Passkeys, and the challenges that they sign.</summary>
public sealed class PasskeyStore(Database db, TimeProvider clock)
{
    public Task<IReadOnlyList<Passkey>> ListAsync(Guid userId, CancellationToken ct = default) =>
        db.ListAsync<Passkey>(userId, "SELECT id, name, backed_up AS is_backed_up, created_at, last_used_at FROM account_passkeys WHERE user_id = @userId ORDER BY created_at", ct: ct);

    public async Task<IReadOnlyList<byte[]>> ListCredentialIdsAsync(Guid userId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<byte[]>(new CommandDefinition(
            "SELECT credential_id FROM account_passkeys WHERE user_id = @userId ORDER BY created_at", new { userId }, cancellationToken: ct))).AsList();
    }

    public async Task<PasskeyCredential?> FindAsync(Guid userId, byte[] credentialId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PasskeyCredential>(new CommandDefinition("""
            SELECT p.user_id, p.id, p.public_key, c.email
              FROM account_passkeys p JOIN account_credentials c ON c.user_id = p.user_id
             WHERE p.user_id = @userId AND p.credential_id = @credentialId
            """, new { userId, credentialId }, cancellationToken: ct));
    }

    /// <summary>The outcome is added, known or full.</summary>
    public async Task<string> AddAsync(Guid userId, Guid id, NewPasskey passkey, string name, int most, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<string>(new CommandDefinition(
            "SELECT add_passkey(@userId, @id, @CredentialId, @PublicKey, @SignCount, @IsBackedUp, @name, @most, @now)",
            new { userId, id, passkey.CredentialId, passkey.PublicKey, passkey.SignCount, passkey.IsBackedUp, name, most, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>False when the account has none such.</summary>
    public async Task<bool> RemoveAsync(Guid userId, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT remove_passkey(@userId, @id, @now)", new { userId, id, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>The outcome is signed_in, counter, leaving or refused.</summary>
    public async Task<string> OpenSessionAsync(
        PasskeyCredential passkey, long signCount, bool isBackedUp, Guid sessionId, string? userAgent, bool isNewDevice, DateTimeOffset expiresAt, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<string>(new CommandDefinition(
            "SELECT open_passkey_session(@UserId, @Id, @Email, @signCount, @isBackedUp, @sessionId, @userAgent, @expiresAt, @isNewDevice, @now)",
            new { passkey.UserId, passkey.Id, passkey.Email, signCount, isBackedUp, sessionId, userAgent, isNewDevice, expiresAt, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>A new challenge of 32 random bytes, good for one purpose and a time.</summary>
    public async Task<PasskeyChallenge> IssueAsync(string purpose, TimeSpan lifetime, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        var issued = new PasskeyChallenge(Guid.CreateVersion7(now), RandomNumberGenerator.GetBytes(32));
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO passkey_challenges (id, purpose, challenge, expires_at) VALUES (@Id, @purpose, @Challenge, @expiresAt)",
            new { issued.Id, purpose, issued.Challenge, expiresAt = now + lifetime }, cancellationToken: ct));
        return issued;
    }

    /// <summary>Null when it was taken, has expired, or was issued for something else.</summary>
    public Task<byte[]?> FindChallengeAsync(Guid id, string purpose, CancellationToken ct = default) =>
        ChallengeAsync("SELECT challenge FROM passkey_challenges WHERE id = @id AND purpose = @purpose AND expires_at > @now", id, purpose, ct);

    /// <summary>The same, and nobody gets it again.</summary>
    public Task<byte[]?> TakeChallengeAsync(Guid id, string purpose, CancellationToken ct = default) =>
        ChallengeAsync("DELETE FROM passkey_challenges WHERE id = @id AND purpose = @purpose AND expires_at > @now RETURNING challenge", id, purpose, ct);

    private async Task<byte[]?> ChallengeAsync(string sql, Guid id, string purpose, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(sql, new { id, purpose, now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
