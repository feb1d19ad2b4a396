using Aurion.Data.Credits;
using Aurion.Data.Tools;
using Dapper;
using Npgsql;

namespace Aurion.Data.Dashboard;

/// <summary>The dashboards' figures, in one round trip beside the list of tools, which is the same for everybody.</summary>
public sealed class OverviewStore(Database db, CatalogueStore catalogue, TimeProvider clock)
{
    public const int Days = 30;
    private const int Movements = 6;
    private const int Tools = 3;

    /// <summary>An account with more movements than this in these days is read alone, so that nobody else waits for them.</summary>
    private const long MostTogether = 300;
    private const long Unlimited = 1L << 60;

    // A launch that was given back was never spent. The days end where the last older movement stands, so that they alone are read;
    // from twice as many movements as are read together, so that none is missed which came since they were counted.
    private const string Query = $"""
        SELECT asked.place, own.*
          FROM unnest(@users, @firsts) WITH ORDINALITY AS asked (user_id, first, place)
         CROSS JOIN LATERAL (
               SELECT c.user_id,
                      EXISTS (SELECT FROM usage_logs l WHERE l.user_id = c.user_id AND l.seq = c.ledger_seq - @most AND l.created_at >= asked.first) AS is_long,
                      f.full_name, f.created_at AS since,
                      ARRAY(SELECT tool_id FROM ((SELECT s.tool_id, s.created_at FROM tool_sessions s WHERE s.user_id = c.user_id ORDER BY s.id DESC LIMIT 50)
                                                 UNION ALL (SELECT h.tool_id, h.created_at FROM credit_holds h WHERE h.user_id = c.user_id ORDER BY h.id DESC LIMIT 50)) AS latest
                             GROUP BY tool_id ORDER BY max(created_at) DESC) AS used,
                      {ToolMarks.OpenTools} AS open,
                      {Balance.Columns}
                 FROM {Balance.Tables} JOIN profiles f ON f.id = c.user_id
                WHERE c.user_id = asked.user_id OFFSET 0) AS own;
        SELECT asked.place, spent.day, spent.credits
          FROM unnest(@users, @firsts) WITH ORDINALITY AS asked (user_id, first, place)
         CROSS JOIN LATERAL (
               SELECT c.ledger_seq - 2 * @most AS after, (@starts)[(asked.place::integer - 1) * @Days + 1 : asked.place::integer * @Days] AS starts
                 FROM user_credits c WHERE c.user_id = asked.user_id OFFSET 0) AS head
         CROSS JOIN LATERAL (
               WITH mine AS MATERIALIZED (
                   SELECT l.seq, l.created_at, l.credits_used, l.delta, CASE WHEN l.delta > 0 THEN (l.metadata ->> 'refund_of')::bigint END AS refund_of
                     FROM usage_logs l
                    WHERE l.user_id = asked.user_id AND l.created_at >= asked.first
                      AND l.seq > coalesce((SELECT o.seq FROM usage_logs o WHERE o.user_id = asked.user_id AND o.seq > head.after AND o.created_at < asked.first
                                             ORDER BY o.seq DESC LIMIT 1), head.after))
               SELECT width_bucket(created_at, head.starts) AS day, sum(credits_used)::integer AS credits
                 FROM mine
                WHERE delta < 0 AND seq NOT IN (SELECT refund_of FROM mine WHERE refund_of IS NOT NULL)
                GROUP BY 1) AS spent;
        SELECT asked.place, latest.*
          FROM unnest(@users) WITH ORDINALITY AS asked (user_id, place)
         CROSS JOIN LATERAL (SELECT {Movement.Columns} FROM usage_logs l WHERE l.user_id = asked.user_id ORDER BY l.seq DESC LIMIT @Movements) AS latest
         ORDER BY asked.place, latest.seq DESC
        """;

    /// <summary>The dashboard of somebody whom <see cref="ListAsync"/> leaves to this.</summary>
    public async Task<Overview> GetAsync(OverviewRequest request, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await ReadAsync(connection, [request], Unlimited, ct))[0]!;
    }

    /// <summary>The dashboards of many people in one round trip, as the service: for pages whose readers have signed in. Null for one that takes long.</summary>
    public async Task<IReadOnlyList<Overview?>> ListAsync(IReadOnlyList<OverviewRequest> requests, CancellationToken ct = default)
    {
        await using var connection = await db.OpenGroupReadAsync(ct);
        return await ReadAsync(connection, requests, MostTogether, ct);
    }

    private async Task<IReadOnlyList<Overview?>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<OverviewRequest> requests, long most, CancellationToken ct)
    {
        var tools = await catalogue.ListAsync(ct);
        var now = clock.GetUtcNow();
        var days = requests.Select(request => LastDays.Of(now, request.Zone)).ToArray();
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(Query, new
        {
            users = requests.Select(request => request.UserId).ToArray(),
            firsts = days.Select(each => each.Starts[0]).ToArray(),
            starts = days.SelectMany(each => each.Starts).ToArray(),
            now,
            most,
            Days,
            Movements,
        }, cancellationToken: ct));

        var (holderOf, balanceOf) = (reader.GetRowParser<AccountHolder>(startIndex: 3, length: 4), reader.GetRowParser<Balance>(startIndex: 7));
        var found = new (AccountHolder Holder, Balance Balance, bool IsLong)?[requests.Count];
        while (await reader.ReadAsync(ct))
            if (reader.GetInt64(0) - 1 is var place && reader.GetGuid(1) == requests[(int)place].UserId)
                found[place] = (holderOf(reader), balanceOf(reader), reader.GetBoolean(2));

        var spent = Array.ConvertAll(days, _ => new Dictionary<DateOnly, int>());
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            spent[reader.GetInt64(0) - 1][days[reader.GetInt64(0) - 1].First.AddDays(reader.GetInt32(1) - 1)] = reader.GetInt32(2);

        var movements = Array.ConvertAll(days, _ => new List<Movement>(Movements));
        await reader.NextResultAsync(ct);
        var movementOf = reader.GetRowParser<Movement>(startIndex: 1);
        while (await reader.ReadAsync(ct))
            movements[reader.GetInt64(0) - 1].Add(movementOf(reader));

        return [.. found.Select((own, place) => own is not var (holder, balance, isLong) ? throw new InvalidOperationException("An account without a balance asked for its dashboard.")
            : isLong ? null : new Overview(holder, balance, EachDay(days[place].First, spent[place]), AtHand(tools, holder), tools, movements[place]))];
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

/// <param name="Zone">Days begin at its midnight.</param>
public sealed record OverviewRequest(Guid UserId, TimeZoneInfo Zone);

/// <summary>The days of the chart, with the instant at which each begins.</summary>
internal sealed record LastDays(DateOnly First, DateTimeOffset[] Starts)
{
    // Counted here, since the database may know other zones. A zone that skips midnight begins that day later; nothing was spent in between.
    public static LastDays Of(DateTimeOffset now, TimeZoneInfo zone)
    {
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(1 - OverviewStore.Days);
        return new(first, [.. Enumerable.Range(0, OverviewStore.Days).Select(day => first.AddDays(day).ToDateTime(TimeOnly.MinValue)).Select(start => new DateTimeOffset(start - zone.GetUtcOffset(start), TimeSpan.Zero))]);
    }
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
