using Dapper;
using Npgsql;

namespace Aurion.Data.Account;

/// <summary>What a person has set for their account; a null locale, theme or zone follows the device, a null cap is none. Credits.</summary>
public sealed record AccountPreferences(string? FullName, string? Locale, string? Theme, string? TimeZone, int? DailyCap, int? MonthlyCap);

/// <summary>What may still be spent within the person's own caps, null where there is none, and when each begins anew. Credits.</summary>
public sealed record SpendingRoom(int? Day, DateTimeOffset DayEndsAt, int? Month, DateTimeOffset MonthEndsAt);

/// <summary>What a person wants to be told of their credits: below a fifth of the plan's, at none, below a figure of their own, so many days before some expire; how; and of each week.</summary>
public sealed record NoticeSettings
{
    public required bool AtFifth { get; init; }

    public required bool AtZero { get; init; }

    public required int? AtFigure { get; init; }

    public required int[] ExpiryDays { get; init; }

    public required bool ByMail { get; init; }

    public required bool ByBanner { get; init; }

    public required bool Weekly { get; init; }
}

public sealed class PreferenceStore(Database database, TimeProvider clock)
{
    public Task<(AccountPreferences Preferences, SpendingRoom Room, NoticeSettings Notices)> GetAsync(Guid userId, CancellationToken ct = default) =>
        database.ReadAsync(userId, """
            SELECT p.full_name, p.locale, p.theme, p.time_zone, c.daily_cap, c.monthly_cap
              FROM profiles p JOIN user_credits c ON c.user_id = p.id
             WHERE p.id = @userId;
            SELECT room.day_room AS day, room.day_ends_at, room.month_room AS month, room.month_ends_at
              FROM user_credits c CROSS JOIN LATERAL spending_room(c, @now) AS room
             WHERE c.user_id = @userId;
            SELECT coalesce(n.at_fifth, true) AS at_fifth, coalesce(n.at_zero, true) AS at_zero, n.at_figure, coalesce(n.expiry_days, '{30,7,1}') AS expiry_days,
                   coalesce(n.by_mail, true) AS by_mail, coalesce(n.by_banner, true) AS by_banner,
                   coalesce(n.weekly, false) AS weekly
              FROM profiles p LEFT JOIN notification_settings n ON n.user_id = p.id
             WHERE p.id = @userId
            """,
            new { now = clock.GetUtcNow() },
            async results => (await results.ReadSingleAsync<AccountPreferences>(), await results.ReadSingleAsync<SpendingRoom>(), await results.ReadSingleAsync<NoticeSettings>()), ct);

    /// <summary>False when the database does not know the zone; then nothing is changed.</summary>
    public Task<bool> SaveAsync(Guid userId, AccountPreferences preferences, NoticeSettings notices, CancellationToken ct = default) =>
        ExecuteAsync("""
            WITH notices AS (
                INSERT INTO notification_settings AS n (user_id, at_fifth, at_zero, at_figure, expiry_days, by_mail, by_banner, weekly, judged_week)
                VALUES (@userId, @AtFifth, @AtZero, @AtFigure, @ExpiryDays, @ByMail, @ByBanner, @Weekly, (week_before(@TimeZone, @now)).monday)
                    ON CONFLICT (user_id) DO UPDATE SET at_fifth = EXCLUDED.at_fifth, at_zero = EXCLUDED.at_zero, at_figure = EXCLUDED.at_figure,
                       expiry_days = EXCLUDED.expiry_days, by_mail = EXCLUDED.by_mail, by_banner = EXCLUDED.by_banner, weekly = EXCLUDED.weekly,
                       -- A week that was over before it was asked for is not told.
                       judged_week = CASE WHEN n.weekly THEN n.judged_week ELSE greatest(n.judged_week, EXCLUDED.judged_week) END
            )
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
            notices.AtFifth,
            notices.AtZero,
            notices.AtFigure,
            notices.ExpiryDays,
            notices.ByMail,
            notices.ByBanner,
            notices.Weekly,
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
