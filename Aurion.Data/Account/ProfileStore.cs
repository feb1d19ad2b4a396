using Dapper;

namespace Aurion.Data.Account;

/// <summary>What people tell us about themselves; a null locale, theme or zone follows the browser.</summary>
public sealed record Profile(string Email, string? FullName, string? Locale, string? Theme, string? TimeZone);

/// <summary>A sign-in that has not ended.</summary>
public sealed record AccountSession(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? UserAgent);

/// <summary>What the account page shows. Without a password date, the person signs in elsewhere: at these providers.</summary>
public sealed record AccountOverview(
    Profile Profile, DateTimeOffset? PasswordChangedAt, DateTimeOffset? VerifiedAt, IReadOnlyList<string> Providers, IReadOnlyList<AccountSession> Sessions);

public sealed class ProfileStore(Database database, TimeProvider clock)
{
    public Task<AccountOverview> GetOverviewAsync(Guid userId, CancellationToken ct = default) =>
        database.ReadAsync(userId, """
            SELECT email, full_name, locale, theme, time_zone FROM profiles WHERE id = @userId;
            SELECT password_changed_at, verified_at FROM account_credentials WHERE user_id = @userId;
            SELECT provider FROM account_identities WHERE user_id = @userId ORDER BY created_at;
            SELECT id, created_at, last_seen_at, user_agent
              FROM account_sessions
             WHERE user_id = @userId AND revoked_at IS NULL AND expires_at > @now
             ORDER BY last_seen_at DESC
             LIMIT 100;
            """,
            new { now = clock.GetUtcNow() },
            async results =>
            {
                var profile = await results.ReadSingleAsync<Profile>();
                var credential = await results.ReadSingleOrDefaultAsync<CredentialDates>();
                return new AccountOverview(
                    profile, credential?.PasswordChangedAt, credential?.VerifiedAt, [.. await results.ReadAsync<string>()], [.. await results.ReadAsync<AccountSession>()]);
            }, ct);

    public Task<Profile?> FindAsync(Guid userId, CancellationToken ct = default) =>
        database.FindAsync<Profile>(userId, "SELECT email, full_name, locale, theme, time_zone FROM profiles WHERE id = @userId", ct: ct);

    public Task SaveLocaleAsync(Guid userId, string locale, CancellationToken ct = default) =>
        ExecuteAsync("UPDATE profiles SET locale = @value, updated_at = @now WHERE id = @userId", userId, locale, ct);

    /// <summary>A null theme follows the device.</summary>
    public Task SaveThemeAsync(Guid userId, string? theme, CancellationToken ct = default) =>
        ExecuteAsync("UPDATE profiles SET theme = @value, updated_at = @now WHERE id = @userId", userId, theme, ct);

    private sealed record CredentialDates(DateTimeOffset? PasswordChangedAt, DateTimeOffset? VerifiedAt);

    private async Task ExecuteAsync(string sql, Guid userId, string? value, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { userId, value, now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
