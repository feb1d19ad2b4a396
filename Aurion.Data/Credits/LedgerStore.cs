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
                   s.expires_at AS session_until, s.ended_at AS session_ended_at,
                   m.name AS model, h.prompt_tokens, h.completion_tokens, h.ceiling AS set_aside, extract(epoch FROM h.closed_at - h.created_at)::double precision AS seconds
              FROM usage_logs l
              LEFT JOIN usage_logs refund ON refund.user_id = l.user_id AND refund.operation_id = 'refund:' || l.operation_id
              LEFT JOIN tool_sessions s ON s.user_id = l.user_id AND s.id = l.session_id
              LEFT JOIN credit_holds h ON h.user_id = l.user_id AND h.id = CASE WHEN starts_with(l.operation_id, 'hold:') THEN substr(l.operation_id, 6)::uuid END
              LEFT JOIN ai_models m ON m.model_id = h.model_id
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

/// <summary>Which movements are wanted, and from where in the ledger: older than a row, or newer than one.</summary>
public sealed record LedgerQuery(LedgerKind Kind, DateTimeOffset? Since, long? OlderThan, long? NewerThan);

public enum LedgerKind
{
    All,
    Spent,
    Refunds,
    Received,
    Adjustments,
}

/// <summary>A page of the ledger, newest first, and the rows from which its neighbours begin.</summary>
public sealed record LedgerPage(Balance Balance, IReadOnlyList<Movement> Movements, long? OlderThan, long? NewerThan)
{
    // The row beyond the page says that there is a further one; the other neighbour is where the reader came from.
    internal static LedgerPage Of(Balance balance, IReadOnlyList<Movement> rows, LedgerQuery query, int size)
    {
        var forward = query.NewerThan is not null;
        Movement[] page = [.. forward ? rows.Take(size).Reverse() : rows.Take(size)];
        var more = rows.Count > size;
        var hasOlder = page.Length > 0 && (forward || more);
        var hasNewer = page.Length > 0 && (forward ? more : query.OlderThan is not null);
        return new LedgerPage(balance, page, hasOlder ? page[^1].Seq : null, hasNewer ? page[0].Seq : null);
    }
}

/// <summary>One row of the ledger as its owner reads it; <see cref="Subject"/> is the tool or plan it is about.</summary>
public sealed record Movement(
    long Seq, DateTimeOffset At, string Action, string? Subject, int Delta, int BalanceAfter, string Actor)
{
    // A refund names the row that it gives back, and that row names the tool. Not a join: it would read the person's whole ledger.
    internal const string Tool = """
        coalesce(l.metadata ->> 'tool_id', CASE WHEN l.metadata ? 'refund_of' THEN
            (SELECT given.metadata ->> 'tool_id' FROM usage_logs given WHERE given.user_id = l.user_id AND given.seq = (l.metadata ->> 'refund_of')::bigint) END)
        """;

    internal const string Columns = $"""
        l.seq, l.created_at AS at, l.action_type AS action,
        coalesce((SELECT t.name FROM tools t WHERE t.tool_id = {Tool}), (SELECT n.name FROM plans n WHERE n.plan_type = l.metadata ->> 'plan_type'), {Tool}) AS subject,
        l.delta, l.balance_after, l.actor
        """;
}

/// <summary>Everything that is known of one movement.</summary>
public sealed record Receipt(Movement Movement, ReceiptDetail Detail, IReadOnlyList<BucketShare> Buckets);

/// <summary>
/// What a row of the ledger carries beyond its line in the list; the session is the one that a launch opened. Of a run: its model, its
/// tokens, the credits that were set aside for it, and how long it took.
/// </summary>
public sealed record ReceiptDetail(
    int Price, string? OperationId, string? ToolId, string? Reason, long? RefundOf, long? RefundedBy,
    DateTimeOffset? SessionUntil, DateTimeOffset? SessionEndedAt,
    string? Model, int? PromptTokens, int? CompletionTokens, int? SetAside, double? Seconds);

/// <summary>How much of a price came from one bucket: the plan's credits, or a grant by its source.</summary>
public sealed record BucketShare(string Source, int Credits);
