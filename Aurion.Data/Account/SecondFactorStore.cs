using Dapper;

namespace Aurion.Data.Account;

/// <summary>The second step of an account's sign-in; the secret is protected, and <paramref name="RecoveryCodes"/> are those that are left.</summary>
public sealed record SecondFactor(string Secret, DateTimeOffset EnabledAt, int RecoveryCodes);

/// <summary>Second steps of sign-ins: a code of either kind is taken once.</summary>
public sealed class SecondFactorStore(Database db, TimeProvider clock)
{
    /// <summary>Null for an account without one.</summary>
    public async Task<SecondFactor?> FindAsync(Guid userId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<SecondFactor>(new CommandDefinition("""
            SELECT secret, enabled_at, (SELECT count(*)::int FROM account_recovery_codes r WHERE r.user_id = f.user_id AND r.used_at IS NULL) AS recovery_codes
              FROM account_second_factors f WHERE user_id = @userId
            """, new { userId }, cancellationToken: ct));
    }

    /// <summary>False when it is on already.</summary>
    public async Task<bool> EnableAsync(Guid userId, string secret, long step, string[] recovery, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT enable_second_factor(@userId, @secret, @step, @recovery, @now)",
            new { userId, secret, step, recovery, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    public async Task DisableAsync(Guid userId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT disable_second_factor(@userId, @now)", new { userId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Takes the code of a time step; false when it, or a later one, was taken before.</summary>
    public async Task<bool> TakeStepAsync(Guid userId, long step, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE account_second_factors SET last_step = @step WHERE user_id = @userId AND last_step < @step", new { userId, step }, cancellationToken: ct)) == 1;
    }

    /// <summary>Takes a recovery code; false when there is none such, or it was taken before.</summary>
    public async Task<bool> TakeRecoveryAsync(Guid userId, string digest, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE account_recovery_codes SET used_at = @now WHERE user_id = @userId AND digest = @digest AND used_at IS NULL",
            new { userId, digest, now = clock.GetUtcNow() }, cancellationToken: ct)) == 1;
    }
}
