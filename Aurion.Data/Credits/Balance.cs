namespace Aurion.Data.Credits;

/// <summary>What an account holds at one instant, and until when: every page takes its figures from here.</summary>
public sealed record Balance(
    int Total, int Used, int Bonus, string Plan, string PlanName, string Status,
    DateTimeOffset RenewsAt, bool EndsThen, int CreditsThen, bool IsFrozen, string? Interval)
{
    /// <summary>Frozen not for want of payment, but because a payment is contested at the bank.</summary>
    public bool IsDisputed => IsFrozen && Status != "past_due";

    /// <summary>What a launch may take now: a frozen account's plan credits wait for the payment, or for the bank.</summary>
    public int Available => (IsFrozen ? 0 : Total - Used) + Bonus;

    /// <summary>What "full" means for the meter: the plan's credits and whatever was added to them.</summary>
    public int Capacity => Total + Bonus;

    internal const string Columns = """
        c.total_credits AS total, c.used_credits AS used,
        CASE WHEN c.bonus_credits = 0 THEN 0 ELSE spendable_bonus(c.user_id, @now) END AS bonus,
        p.plan_type AS plan, n.name AS plan_name, p.status, p.current_period_end AS renews_at, p.cancel_at_period_end AS ends_then,
        CASE WHEN p.cancel_at_period_end THEN (SELECT f.credits_monthly FROM plans f WHERE f.plan_type = 'free') ELSE p.credits_monthly END AS credits_then,
        coalesce(c.frozen_at <= @now, false) AS is_frozen, p.billing_interval AS interval
        """;

    internal const string Tables = "user_credits c JOIN user_plans p ON p.user_id = c.user_id JOIN plans n ON n.plan_type = p.plan_type";
}
