using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Automatic top-ups: what people allow, who is due one, and those under way.</summary>
public sealed class TopUpStore(Database db, TimeProvider clock)
{
    /// <summary>Null for who never allowed any and saved no card.</summary>
    public Task<TopUpSettings?> FindAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<TopUpSettings>(userId, """
            SELECT s.enabled, s.threshold, s.pack_id, k.name AS pack_name, k.credits AS pack_credits, k.price_cents AS pack_cents, s.monthly_cap_cents,
                   top_up_spent(s.user_id, @now) AS spent_cents, s.card_brand, s.card_last4, s.paused_reason, s.paused_at, has_open_dispute(s.user_id) AS waits_for_bank
              FROM top_up_settings s JOIN packs k USING (pack_id)
             WHERE s.user_id = @userId
            """, new { now = clock.GetUtcNow() }, ct);

    public Task SaveAsync(Guid userId, TopUpWish wish, string brand, string last4, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return RunAsync("SELECT save_top_up(@userId, @Threshold, @PackId, @MonthlyCapCents, @brand, @last4, @now)",
            new { userId, wish.Threshold, wish.PackId, wish.MonthlyCapCents, brand, last4, now = clock.GetUtcNow() }, ct);
    }

    /// <summary>Shows the card that pays from now on; it switches nothing on.</summary>
    public Task KeepCardAsync(Guid userId, string brand, string last4, CancellationToken ct = default) =>
        RunAsync("SELECT keep_top_up_card(@userId, @brand, @last4, @now)", new { userId, brand, last4, now = clock.GetUtcNow() }, ct);

    public Task StopAsync(Guid userId, CancellationToken ct = default) =>
        RunAsync("SELECT stop_top_up(@userId, @now)", new { userId, now = clock.GetUtcNow() }, ct);

    /// <summary>Below how many credits each person who allows top-ups wants one.</summary>
    public Task<IReadOnlyList<(Guid UserId, int Threshold)>> ListThresholdsAsync(CancellationToken ct = default) =>
        ListAsync<(Guid, int)>("SELECT user_id, threshold FROM top_up_settings WHERE enabled AND paused_at IS NULL", null, ct);

    /// <summary>Notes whose spending left fewer credits than they chose, since the last look.</summary>
    public Task MarkLowAsync(CancellationToken ct = default) => RunAsync("SELECT mark_low_accounts(@now)", new { now = clock.GetUtcNow() }, ct);

    public Task<IReadOnlyList<Guid>> ListDueAsync(CancellationToken ct = default) =>
        ListAsync<Guid>("SELECT user_id FROM top_up_due(NULL, @now)", new { now = clock.GetUtcNow() }, ct);

    /// <summary>False when it is not due any more, or somebody else began it.</summary>
    public async Task<bool> BeginAsync(Guid userId, Guid operationId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT begin_top_up(@userId, @operationId, @now)", new { userId, operationId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    public Task<IReadOnlyList<OpenTopUp>> ListOpenAsync(CancellationToken ct = default) =>
        ListAsync<OpenTopUp>("""
            SELECT x.user_id, x.operation_id, u.customer_id, x.price_id, x.credits, x.amount AS cents, r.currency,
                   x.payment_method_id, x.payment_intent_id, s.card_brand, s.card_last4, x.created_at, x.attempted_at
              FROM purchases x JOIN stripe_customers u USING (user_id) JOIN stripe_prices r USING (price_id) LEFT JOIN top_up_settings s USING (user_id)
             WHERE x.kind = 'top_up' AND x.status IN ('creating', 'open')
             ORDER BY x.created_at
            """, null, ct);

    /// <summary>The card to charge, noted before the call; null when the call must not be made any more.</summary>
    public async Task<string?> AttemptAsync(OpenTopUp topUp, string paymentMethod, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(topUp);
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<string?>(new CommandDefinition(
            "SELECT attempt_top_up(@UserId, @OperationId, @paymentMethod, @now)",
            new { topUp.UserId, topUp.OperationId, paymentMethod, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Ends a top-up that took no money; with a <paramref name="reason"/> the person has to look first. True when it stopped them.</summary>
    public async Task<bool> EndAsync(OpenTopUp topUp, string? reason, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(topUp);
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT end_top_up(@UserId, @OperationId, @reason, @now)", new { topUp.UserId, topUp.OperationId, reason, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct))).AsList();
    }

    private async Task RunAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }
}
