using System.Runtime.CompilerServices;
using Dapper;

namespace Aurion.Data.Credits;

/// <summary>The account's movements, newest first, read as their owner.</summary>
public sealed class LedgerStore(Database db, TimeProvider clock)
{
    public const int PageSize = 50;
    private const int ExportChunk = 5_000;

    /// <summary>One page and the balance of that instant; the page has one row more when there is a further page that way.</summary>
    public Task<LedgerPage> GetPageAsync(Guid userId, LedgerQuery query, CancellationToken ct = default)
    {
        var forward = query.NewerThan is not null;
        return db.ReadAsync(userId, $"""
            SELECT {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = @userId;
            SELECT {Movement.Columns}
              FROM usage_logs l
             WHERE l.user_id = @userId
               AND (@since::timestamptz IS NULL OR l.created_at >= @since)
               AND l.seq < coalesce(@olderThan::bigint, 9223372036854775807) AND l.seq > coalesce(@newerThan::bigint, 0)
               AND {Condition(query.Kind)}
             ORDER BY l.seq {(forward ? "ASC" : "DESC")}
             LIMIT {PageSize + 1}
            """,
            new { query.Since, query.OlderThan, query.NewerThan, now = clock.GetUtcNow() },
            async results => LedgerPage.Of(
                await results.ReadSingleAsync<Balance>(), [.. await results.ReadAsync<Movement>()], query, PageSize), ct);
    }

    /// <summary>Every movement from the first on, read as it is written out.</summary>
    public async IAsyncEnumerable<Movement> StreamAllAsync(Guid userId, [EnumeratorCancellation] CancellationToken ct = default)
    {
        for (long after = 0; ;)
        {
            var chunk = await db.ListAsync<Movement>(userId, $"""
                SELECT {Movement.Columns}
                  FROM usage_logs l
                 WHERE l.user_id = @userId AND l.seq > @after
                 ORDER BY l.seq
                 LIMIT {ExportChunk}
                """, new { after }, ct);
            foreach (var movement in chunk)
                yield return movement;
            if (chunk.Count < ExportChunk)
                yield break;
            after = chunk[^1].Seq;
        }
    }

    public Task<Receipt?> FindReceiptAsync(Guid userId, long seq, CancellationToken ct = default) =>
        db.ReadAsync(userId, $"""
            SELECT {Movement.Columns}
              FROM usage_logs l
             WHERE l.user_id = @userId AND l.seq = @seq;
            SELECT l.credits_used AS price, l.operation_id, {Movement.Tool} AS tool_id, l.metadata ->> 'reason' AS reason,
                   (l.metadata ->> 'refund_of')::bigint AS refund_of, refund.seq AS refunded_by,
                   s.expires_at AS session_until, s.ended_at AS session_ended_at
              FROM usage_logs l
              LEFT JOIN usage_logs refund ON refund.user_id = l.user_id AND refund.operation_id = 'refund:' || l.operation_id
              LEFT JOIN tool_sessions s ON s.user_id = l.user_id AND s.id = l.session_id
             WHERE l.user_id = @userId AND l.seq = @seq;
            SELECT 'plan' AS source, (l.buckets ->> 'plan')::integer AS credits
              FROM usage_logs l
             WHERE l.user_id = @userId AND l.seq = @seq AND (l.buckets ->> 'plan')::integer > 0
             UNION ALL
            SELECT g.source, d.value::integer
              FROM usage_logs l, jsonb_each_text(l.buckets -> 'grants') AS d
              JOIN credit_grants g ON g.user_id = @userId AND g.id = d.key::uuid
             WHERE l.user_id = @userId AND l.seq = @seq
            """, new { seq },
            async results => await results.ReadSingleOrDefaultAsync<Movement>() is not { } movement
                ? null
                : new Receipt(movement, await results.ReadSingleAsync<ReceiptDetail>(), [.. await results.ReadAsync<BucketShare>()]), ct);

    private static string Condition(LedgerKind kind) => kind switch
    {
        LedgerKind.Spent => "l.credits_used > 0 AND l.delta < 0",
        LedgerKind.Refunds => "l.action_type = 'credit_refund'",
        LedgerKind.Received => "l.delta > 0 AND l.action_type NOT IN ('credit_refund', 'manual_adjustment')",
        LedgerKind.Adjustments => "l.action_type = 'manual_adjustment'",
        _ => "true",
    };
}
