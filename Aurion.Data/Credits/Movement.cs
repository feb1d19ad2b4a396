namespace Aurion.Data.Credits;

/// <summary>One row of the ledger as its owner reads it; <see cref="Subject"/> is the tool or plan it is about.</summary>
public sealed record Movement(
    long Seq, DateTimeOffset At, string Action, string? Subject, int Delta, int BalanceAfter, string Actor)
{
    // A refund names the row that it gives back, and that row names the tool.
    internal const string Columns = """
        l.seq, l.created_at AS at, l.action_type AS action,
        coalesce(t.name, n.name, source.metadata ->> 'tool_id') AS subject, l.delta, l.balance_after, l.actor
        """;

    internal const string Tables = """
        usage_logs l
          LEFT JOIN usage_logs source ON source.user_id = l.user_id AND source.seq = coalesce((l.metadata ->> 'refund_of')::bigint, l.seq)
          LEFT JOIN tools t ON t.tool_id = source.metadata ->> 'tool_id'
          LEFT JOIN plans n ON n.plan_type = l.metadata ->> 'plan_type'
        """;
}
