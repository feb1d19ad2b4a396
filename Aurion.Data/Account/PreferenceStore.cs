using Dapper;
using Npgsql;

namespace Aurion.Data.Account;

/// <summary>What a person has set for their account; a null locale, theme or zone follows the device, a null cap is none. Credits.</summary>
public sealed record AccountPreferences(string? FullName, string? Locale, string? Theme, string? TimeZone, int? DailyCap, int? MonthlyCap);

/// <summary>What may still be spent within the person's own caps, null where there is none, and when each begins anew. Credits.</summary>
public sealed record SpendingRoom(int? Day, DateTimeOffset DayEndsAt, int? Month, DateTimeOffset MonthEndsAt);

public sealed class PreferenceStore(Database database, TimeProvider clock)
{
    public Task<(AccountPreferences Preferences, SpendingRoom Room)> GetAsync(Guid userId, CancellationToken ct = default) =>
        database.ReadAsync(userId, """
            SELECT p.full_name, p.locale, p.theme, p.time_zone, c.daily_cap, c.monthly_cap
              FROM profiles p JOIN user_credits c ON c.user_id = p.id
             WHERE p.id = @userId;
            SELECT room.day_room AS day, room.day_ends_at, room.month_room AS month, room.month_ends_at
              FROM user_credits c CROSS JOIN LATERAL spending_room(c, @now) AS room
             WHERE c.user_id = @userId
            """,
            new { now = clock.GetUtcNow() },
            async results => (await results.ReadSingleAsync<AccountPreferences>(), await results.ReadSingleAsync<SpendingRoom>()), ct);

    /// <summary>False when the database does not know the zone; then nothing is changed.</summary>
    public Task<bool> SaveAsync(Guid userId, AccountPreferences preferences, CancellationToken ct = default) =>
        ExecuteAsync("""
            UPDATE profiles
               SET full_name = @FullName, locale = @Locale, theme = @Theme, updated_at = @now,
                   time_zone = CASE WHEN @now AT TIME ZONE @TimeZone IS NOT NULL THEN @TimeZone END
              FROM set_spending_caps(@userId, @DailyCap, @MonthlyCap)
             WHERE id = @userId
            """, new
        {
            userId,
            now = clock.GetUtcNow(),
            preferences.FullName,
            preferences.Locale,
            preferences.Theme,
            preferences.TimeZone,
            preferences.DailyCap,
            preferences.MonthlyCap,
        }, ct);

    /// <summary>Stores the zone that a device tells, unless the person has one. False when the database does not know it.</summary>
    public Task<bool> FillTimeZoneAsync(Guid userId, string zone, CancellationToken ct = default) =>
        ExecuteAsync("""
            UPDATE profiles SET time_zone = coalesce(time_zone, CASE WHEN @now AT TIME ZONE @zone IS NOT NULL THEN @zone END) WHERE id = @userId
            """, new { userId, zone, now = clock.GetUtcNow() }, ct);

    private async Task<bool> ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        try
        {
            return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct)) == 1;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            return false;
        }
    }
}
