using Aurion.Data.Credits;
using Aurion.Data.Tools;
using Dapper;

namespace Aurion.Data.Dashboard;

/// <summary>The dashboard's figures, in one round trip beside the list of tools, which is the same for everybody.</summary>
public sealed class OverviewStore(Database db, CatalogueStore catalogue, TimeProvider clock)
{
    public const int Days = 30;
    private const int Movements = 6;
    private const int Tools = 3;

    /// <param name="zone">Days begin at its midnight.</param>
    public async Task<Overview> GetAsync(Guid userId, TimeZoneInfo zone, CancellationToken ct = default)
    {
        var tools = await catalogue.ListAsync(ct);
        var now = clock.GetUtcNow();
        var firstDay = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(1 - Days);
        // Counted here, since the database may know other zones. A zone that skips midnight begins that day later; nothing was spent in between.
        var starts = Enumerable.Range(0, Days).Select(day => firstDay.AddDays(day).ToDateTime(TimeOnly.MinValue)).Select(start => new DateTimeOffset(start - zone.GetUtcOffset(start), TimeSpan.Zero)).ToArray();
        // A launch that was given back was never spent. The days end where the last older movement stands, so that they alone are read.
        return await db.ReadAsync(userId, $"""
            SELECT full_name, created_at AS since,
                   ARRAY(SELECT tool_id FROM ((SELECT tool_id, created_at FROM tool_sessions WHERE user_id = @userId ORDER BY id DESC LIMIT 50)
                                              UNION ALL (SELECT tool_id, created_at FROM credit_holds WHERE user_id = @userId ORDER BY id DESC LIMIT 50)) AS latest
                          GROUP BY tool_id ORDER BY max(created_at) DESC) AS used,
                   {ToolMarks.OpenTools} AS open
              FROM profiles
             WHERE id = @userId;
            SELECT {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = @userId;
            WITH mine AS MATERIALIZED (
                SELECT seq, created_at, credits_used, delta, CASE WHEN delta > 0 THEN (metadata ->> 'refund_of')::bigint END AS refund_of
                  FROM usage_logs
                 WHERE user_id = @userId AND created_at >= @first
                   AND seq > coalesce((SELECT seq FROM usage_logs WHERE user_id = @userId AND created_at < @first ORDER BY seq DESC LIMIT 1), 0))
            SELECT width_bucket(created_at, @starts) AS day, sum(credits_used)::integer AS credits
              FROM mine
             WHERE delta < 0 AND seq NOT IN (SELECT refund_of FROM mine WHERE refund_of IS NOT NULL)
             GROUP BY 1;
            SELECT {Movement.Columns}
              FROM usage_logs l
             WHERE l.user_id = @userId
             ORDER BY l.seq DESC
             LIMIT {Movements}
            """,
            new { now, first = starts[0], starts },
            async results =>
            {
                var holder = await results.ReadSingleAsync<AccountHolder>();
                var balance = await results.ReadSingleAsync<Balance>();
                var spent = (await results.ReadAsync<(int Day, int Credits)>()).ToDictionary(spend => firstDay.AddDays(spend.Day - 1), spend => spend.Credits);
                return new Overview(holder, balance, EachDay(firstDay, spent), AtHand(tools, holder), tools, [.. await results.ReadAsync<Movement>()]);
            }, ct);
    }

    private static DailySpend[] EachDay(DateOnly first, Dictionary<DateOnly, int> spent) =>
        [.. Enumerable.Range(0, Days).Select(first.AddDays).Select(day => new DailySpend(day, spent.GetValueOrDefault(day)))];

    /// <summary>The tools used last; those to begin with for whoever has used none.</summary>
    private static ToolCard[] AtHand(IReadOnlyList<ToolCard> tools, AccountHolder holder) =>
    [
        .. tools.Where(tool => tool.IsLaunchable && (holder.Used.Length == 0 || holder.Used.Contains(tool.Id)))
            .OrderBy(tool => Array.IndexOf(holder.Used, tool.Id) is var place and >= 0 ? place : int.MaxValue)
            .Take(Tools)
            .Select(tool => tool with { IsOpen = holder.Open.Contains(tool.Id) }),
    ];
}

/// <summary>What the dashboard shows, read at one instant.</summary>
/// <param name="Tools">All of them, as everybody sees them.</param>
public sealed record Overview(
    AccountHolder Holder, Balance Balance, IReadOnlyList<DailySpend> Days, IReadOnlyList<ToolCard> Recent, IReadOnlyList<ToolCard> Tools, IReadOnlyList<Movement> Movements);

/// <summary>Whose dashboard it is, with the tools used last and those that are open now.</summary>
public sealed record AccountHolder
{
    public string? FullName { get; init; }

    public DateTimeOffset Since { get; init; }

    public string[] Used { get; init; } = [];

    public string[] Open { get; init; } = [];
}

/// <summary>The credits that one day's actions cost, in the person's zone.</summary>
public sealed record DailySpend(DateOnly Day, int Credits);
