using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>How far books are compared.</summary>
public enum Detail
{
    /// <summary>What Stripe decided; not how much of a refund was still there to take, which depends on when we heard of it.</summary>
    Decided,

    /// <summary>Also every movement of the ledger; not its name, for who hears of a renewal first of all calls it an upgrade.</summary>
    Moved,

    Named,
}

/// <summary>What people and operators can see of accounts, as text; nothing in it says when or in which order we heard of it.</summary>
public static class Books
{
    /// <summary>
    /// One text for each person, in their order. Left out are always the read numbers and the instants at which something was written,
    /// and grants that have expired: who hears of a payment only after that is not given them any more.
    /// </summary>
    public static Task<IReadOnlyList<string>> SeenAsync(this AurionApp app, Guid[] people, Detail detail = Detail.Named) => app.QueryAsync<string>("""
        SELECT jsonb_pretty(jsonb_build_object(
               'credits', jsonb_build_array(c.total_credits, c.used_credits, spendable_bonus(c.user_id, @now), c.frozen_at,
                          (SELECT sum(delta) = c.total_credits - c.used_credits + c.bonus_credits FROM usage_logs l WHERE l.user_id = c.user_id)),
               'plan', to_jsonb(p) - 'user_id' - 'created_at' - 'updated_at' - CASE WHEN @detail > 0 THEN '' ELSE 'stripe_customer_id' END,
               'subscriptions', (SELECT jsonb_agg(to_jsonb(s) - 'user_id' - 'read_seq' ORDER BY s.subscription_id) FROM user_subscriptions s WHERE s.user_id = c.user_id),
               'invoices', (SELECT jsonb_agg(to_jsonb(i) - 'user_id' - 'read_seq' - 'payment_seq' ORDER BY i.invoice_id) FROM stripe_invoices i WHERE i.user_id = c.user_id),
               'grants', (SELECT jsonb_agg(to_jsonb(g) - 'user_id' - 'granted_at' - 'clawed_back' - 'written_off'
                                           || jsonb_build_object('granted', g.granted_at IS NOT NULL, 'undone', g.clawed_back + g.written_off) ORDER BY g.source_ref)
                            FROM plan_grants g WHERE g.user_id = c.user_id))
               || CASE WHEN @detail > 0 THEN jsonb_build_object(
                   'taken', (SELECT jsonb_agg(g.clawed_back ORDER BY g.source_ref) FROM plan_grants g WHERE g.user_id = c.user_id),
                   'ledger', (SELECT jsonb_agg(jsonb_build_array(l.operation_id, CASE WHEN @detail > 1 THEN l.action_type END, l.credits_used) ORDER BY l.operation_id, l.action_type) FROM usage_logs l WHERE l.user_id = c.user_id),
                   'launches', (SELECT jsonb_agg(l.balance_after ORDER BY l.seq) FROM usage_logs l WHERE l.user_id = c.user_id AND l.credits_used > 0)) ELSE '{}' END)
          FROM unnest(@people) WITH ORDINALITY AS o(id, place)
          JOIN user_credits c ON c.user_id = o.id
          JOIN user_plans p ON p.user_id = o.id
         ORDER BY o.place
        """, new { people, detail = (int)detail, now = app.Clock.GetUtcNow() });

    /// <summary>Everybody launches the App Builder, for 50 credits; the outcomes.</summary>
    public static Task<IReadOnlyList<string>> LaunchAsync(this AurionApp app, Guid[] people, string operation)
    {
        var now = app.Clock.GetUtcNow();
        return app.QueryAsync<string>("""
            SELECT outcome FROM consume_user_credits(@people, array_fill('app-builder'::text, ARRAY[cardinality(@people)]), array_fill(@operation::text, ARRAY[cardinality(@people)]),
                (SELECT array_agg(gen_random_uuid()) FROM unnest(@people)), array_fill(true, ARRAY[cardinality(@people)]), array_fill(@now::timestamptz, ARRAY[cardinality(@people)]), @now)
            """, new { people, operation, now });
    }

    /// <summary>All of them are the expected ones; whoever differs is named with the lines that do.</summary>
    public static void AssertSame(string expected, IReadOnlyList<string> seen)
    {
        var others = seen.Index().Where(books => books.Item != expected).ToList();
        if (others.Count == 0)
            return;
        string[] right = expected.Split('\n'), wrong = others[0].Item.Split('\n');
        Assert.Fail($"""
            {others.Count} of {seen.Count} differ, by their numbers (which are the seeds): {string.Join(", ", others.Take(20).Select(books => books.Index))}
            expected, and not there: {string.Join(" ", right.Except(wrong).Select(line => line.Trim()))}
            there, and not expected: {string.Join(" ", wrong.Except(right).Select(line => line.Trim()))}
            """);
    }
}
