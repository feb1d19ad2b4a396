namespace Aurion.Data.Credits;

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
