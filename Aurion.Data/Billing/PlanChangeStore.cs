using Dapper;

namespace Aurion.Data.Billing;

/// <summary>What people want of their subscriptions, written before the first call to Stripe, and how far each has come.</summary>
public sealed class PlanChangeStore(Database db, TimeProvider clock)
{
    private const string Columns = """
        i.user_id, i.intent_id, i.kind, i.subscription_id, i.plan_type, n.name AS plan_name, i.billing_interval AS interval, i.price_id, i.due_cents, i.credits_after,
        i.effective_at, i.undoes_ending, i.state, i.reason, i.pay_url, i.attempts, i.key_attempt, i.charge_attempted_at, i.created_at
        """;

    /// <summary>The newest wish holds; an earlier one that is not done is superseded. False when this one was written before.</summary>
    public async Task<bool> BeginAsync(PlanChangeRequest request, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            SELECT begin_plan_change(jsonb_populate_record(NULL::plan_change_intents, jsonb_build_object(
                'user_id', @UserId, 'intent_id', @IntentId, 'kind', @Kind, 'subscription_id', @SubscriptionId, 'plan_type', @PlanType,
                'billing_interval', @Interval, 'price_id', @PriceId, 'due_cents', @DueCents, 'credits_after', @CreditsAfter, 'effective_at', @EffectiveAt::timestamptz,
                'undoes_ending', @UndoesEnding, 'state', 'waiting', 'attempts', 0, 'key_attempt', 1, 'next_attempt_at', @now::timestamptz, 'created_at', @now::timestamptz)), @StopTopUps)
            """, new
        {
            request.UserId,
            request.IntentId,
            request.Kind,
            request.SubscriptionId,
            request.PlanType,
            request.Interval,
            request.PriceId,
            request.DueCents,
            request.CreditsAfter,
            request.EffectiveAt,
            request.UndoesEnding,
            request.StopTopUps,
            now = clock.GetUtcNow(),
        }, cancellationToken: ct));
    }

    /// <summary>The named intent for this worker alone; null when it is not open, or somebody else works for this person.</summary>
    public Task<PlanChangeIntent?> ClaimAsync(Guid userId, Guid intentId, CancellationToken ct = default) => ClaimOneAsync(userId, intentId, ct);

    /// <summary>The intent that has been due for longest; null when none is.</summary>
    public Task<PlanChangeIntent?> ClaimDueAsync(CancellationToken ct = default) => ClaimOneAsync(null, null, ct);

    private async Task<PlanChangeIntent?> ClaimOneAsync(Guid? userId, Guid? intentId, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PlanChangeIntent>(new CommandDefinition($"""
            SELECT {Columns} FROM claim_plan_change(@userId, @intentId, @now) i JOIN plans n USING (plan_type)
            """, new { userId, intentId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Notes that the next call may charge; false when the person wants something else by now.</summary>
    public async Task<bool> BeginChargeAsync(PlanChangeIntent intent, CancellationToken ct = default) => await RunAsync("""
        UPDATE plan_change_intents SET charge_attempted_at = @now, claimed_until = @now + interval '2 minutes'
         WHERE user_id = @UserId AND intent_id = @IntentId AND state IN ('waiting', 'confirming')
        """, intent, new { now = clock.GetUtcNow() }, ct) > 0;

    /// <summary>The next attempt carries another idempotency key.</summary>
    public Task ChangeKeyAsync(PlanChangeIntent intent, CancellationToken ct = default) => RunAsync("""
        UPDATE plan_change_intents SET key_attempt = @KeyAttempt + 1 WHERE user_id = @UserId AND intent_id = @IntentId
        """, intent, new { intent.KeyAttempt }, ct);

    /// <summary>Whether this is still what the person wants.</summary>
    public async Task<bool> IsOpenAsync(PlanChangeIntent intent, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            SELECT EXISTS (SELECT FROM plan_change_intents WHERE user_id = @UserId AND intent_id = @IntentId AND state IN ('waiting', 'confirming'))
            """, new { intent.UserId, intent.IntentId }, cancellationToken: ct));
    }

    /// <summary>Lets go of the intent: it is over, or waits for the bank until <paramref name="again"/>.</summary>
    public Task SettleAsync(PlanChangeIntent intent, string state, string? reason, string? payUrl, DateTimeOffset? again, CancellationToken ct = default) => RunAsync("""
        UPDATE plan_change_intents
           SET state = CASE WHEN state IN ('waiting', 'confirming') THEN @state ELSE state END, reason = @reason, pay_url = @payUrl,
               claimed_until = NULL, next_attempt_at = coalesce(@again, next_attempt_at),
               finished_at = coalesce(finished_at, CASE WHEN @state NOT IN ('waiting', 'confirming') THEN @now END)
         WHERE user_id = @UserId AND intent_id = @IntentId
        """, intent, new { state, reason, payUrl, again, now = clock.GetUtcNow() }, ct);

    /// <summary>Lets go of the intent until <paramref name="again"/>.</summary>
    public Task RetryAsync(PlanChangeIntent intent, string reason, DateTimeOffset again, CancellationToken ct = default) => RunAsync("""
        UPDATE plan_change_intents SET reason = @reason, claimed_until = NULL, next_attempt_at = @again WHERE user_id = @UserId AND intent_id = @IntentId
        """, intent, new { reason, again }, ct);

    /// <summary>The latest wish of a person; null when there is none.</summary>
    public Task<PlanChangeIntent?> FindLatestAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<PlanChangeIntent>(userId, $"""
            SELECT {Columns} FROM plan_change_intents i JOIN plans n USING (plan_type) WHERE i.user_id = @userId ORDER BY i.created_at DESC, i.intent_id DESC LIMIT 1
            """, null, ct);

    public Task<PlanChangeIntent?> FindAsync(Guid userId, Guid intentId, CancellationToken ct = default) =>
        db.FindAsync<PlanChangeIntent>(userId, $"""
            SELECT {Columns} FROM plan_change_intents i JOIN plans n USING (plan_type) WHERE i.user_id = @userId AND i.intent_id = @intentId
            """, new { intentId }, ct);

    private async Task<int> RunAsync(string sql, PlanChangeIntent intent, object? parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var all = new DynamicParameters(parameters);
        all.AddDynamicParams(new { intent.UserId, intent.IntentId });
        return await connection.ExecuteAsync(new CommandDefinition(sql, all, cancellationToken: ct));
    }
}

/// <summary>A wish as it is written: the wanted end state, and what was promised in money and credits.</summary>
public sealed record PlanChangeRequest
{
    public required Guid UserId { get; init; }
    public required Guid IntentId { get; init; }

    /// <summary>upgrade, downgrade, cancel or resume.</summary>
    public required string Kind { get; init; }

    public required string SubscriptionId { get; init; }
    public required string PlanType { get; init; }
    public string? Interval { get; init; }
    public string? PriceId { get; init; }
    public int DueCents { get; init; }
    public int CreditsAfter { get; init; }
    public required DateTimeOffset EffectiveAt { get; init; }
    public bool UndoesEnding { get; init; }
    public bool StopTopUps { get; init; }
}

/// <summary>
/// A wish and how far it has come. waiting: not known to be done; confirming: the bank waits for the person; done, declined, failed
/// (nothing was charged), superseded (the person wanted something else since). Until <paramref name="ChargeAttemptedAt"/> nothing can have been charged.
/// </summary>
public sealed record PlanChangeIntent(
    Guid UserId, Guid IntentId, string Kind, string SubscriptionId, string PlanType, string PlanName, string? Interval, string? PriceId, int DueCents, int CreditsAfter,
    DateTimeOffset EffectiveAt, bool UndoesEnding, string State, string? Reason, string? PayUrl, int Attempts, int KeyAttempt,
    DateTimeOffset? ChargeAttemptedAt, DateTimeOffset CreatedAt)
{
    public bool IsOpen => State is "waiting" or "confirming";
}
