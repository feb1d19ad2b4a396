using Aurion.Data.Credits;
using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Writes what was read of Stripe and converges the account to it.</summary>
public sealed class BillingStore(Database db, BalanceSignals signals)
{
    /// <summary>Drawn before a read begins: of two reads, the later one wins.</summary>
    public async Task<long> NextReadAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<long>(new CommandDefinition("SELECT nextval('stripe_read_seq')", cancellationToken: ct));
    }

    /// <summary><paramref name="snapshot"/> is JSON in our own words; one transaction under the customer's lock.</summary>
    public async Task<Convergence> ApplyAsync(string snapshot, long readSeq, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<Convergence>(new CommandDefinition("""
            SELECT outcome, detail, user_id FROM apply_stripe_snapshot(@snapshot::jsonb, @readSeq, @now)
            """, new { snapshot, readSeq, now }, cancellationToken: ct));
    }

    /// <summary>The subscription beside this one that we take to be alive.</summary>
    public async Task<string?> FindOtherLiveAsync(Guid userId, string subscription, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition("""
            SELECT subscription_id FROM user_subscriptions
             WHERE user_id = @userId AND subscription_id <> @subscription AND status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')
            """, new { userId, subscription }, cancellationToken: ct));
    }

    /// <summary>Runs the functions that would apply this, and takes it back.</summary>
    public async Task<PreviewedAccount> PreviewAsync(string snapshot, DateTimeOffset at, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<PreviewedAccount>(new CommandDefinition("""
            SELECT outcome, detail, plan_type, available, carried FROM preview_stripe_snapshot(@snapshot::jsonb, @at)
            """, new { snapshot, at }, cancellationToken: ct));
    }

    /// <summary>The same for many, in one statement and in their order.</summary>
    public async Task<IReadOnlyList<PreviewedAccount>> PreviewAsync(string[] snapshots, DateTimeOffset at, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<PreviewedAccount>(new CommandDefinition("""
            SELECT p.outcome, p.detail, p.plan_type, p.available, p.carried
              FROM unnest(@snapshots) WITH ORDINALITY AS s (snapshot, place)
             CROSS JOIN LATERAL preview_stripe_snapshot(s.snapshot::jsonb, @at) AS p
             ORDER BY s.place
            """, new { snapshots, at }, cancellationToken: ct))).AsList();
    }

    /// <summary>Tells every open page whose balance moved; after the commit, and once each.</summary>
    public Task NotifyAsync(IEnumerable<Guid> userIds, CancellationToken ct = default) => signals.AnnounceAsync([.. userIds.Distinct()], ct);
}

/// <summary>What an account would be after a change; of <paramref name="Available"/>, so many credits are carried over from a period that is cut short.</summary>
public sealed record PreviewedAccount(string Outcome, string? Detail, string? PlanType, int? Available, int? Carried = null);
