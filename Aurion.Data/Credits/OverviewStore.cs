using Aurion.Data.Tools;
using Dapper;

namespace Aurion.Data.Credits;

/// <summary>The dashboard's figures, in one round trip.</summary>
public sealed class OverviewStore(Database db, TimeProvider clock)
{
    public const int Days = 30;
    private const int Movements = 6;
    private const int Tools = 3;

    public Task<Overview> GetAsync(Guid userId, CancellationToken ct = default) =>
        // A launch that was given back was never spent. The tools used last come first, then those to begin with.
        db.ReadAsync(userId, $"""
            SELECT full_name, created_at AS since
              FROM profiles
             WHERE id = @userId;
            SELECT {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = @userId;
            SELECT d.day::date AS day, coalesce(sum(l.credits_used), 0)::integer AS credits
              FROM generate_series(date_trunc('day', @now AT TIME ZONE 'UTC') - interval '{Days - 1} days',
                                   date_trunc('day', @now AT TIME ZONE 'UTC'), interval '1 day') AS d (day)
              LEFT JOIN usage_logs l ON l.user_id = @userId AND l.created_at > @now - interval '{Days} days' AND l.delta < 0
                    AND date_trunc('day', l.created_at AT TIME ZONE 'UTC') = d.day
                    AND NOT EXISTS (SELECT FROM usage_logs r WHERE r.user_id = @userId AND r.operation_id = 'refund:' || l.operation_id)
             GROUP BY d.day
             ORDER BY d.day;
            SELECT {ToolCard.Columns}
              FROM tools t
              LEFT JOIN (SELECT tool_id, max(created_at) AS used_at
                           FROM (SELECT tool_id, created_at FROM tool_sessions WHERE user_id = @userId ORDER BY id DESC LIMIT 50) AS latest
                          GROUP BY tool_id) AS u ON u.tool_id = t.tool_id
             WHERE t.status = 'live'
             ORDER BY u.used_at DESC NULLS LAST, t.sort
             LIMIT {Tools};
            SELECT {Movement.Columns}
              FROM {Movement.Tables}
             WHERE l.user_id = @userId
             ORDER BY l.seq DESC
             LIMIT {Movements}
            """,
            new { now = clock.GetUtcNow() },
            async results => new Overview(
                await results.ReadSingleAsync<AccountHolder>(),
                await results.ReadSingleAsync<Balance>(),
                [.. await results.ReadAsync<DailySpend>()],
                [.. await results.ReadAsync<ToolCard>()],
                [.. await results.ReadAsync<Movement>()]), ct);
}
