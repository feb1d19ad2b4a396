using Dapper;

namespace Aurion.Data.Billing;

/// <summary>The queue of what Stripe told us: a row is added once, claimed by one worker at a time, and ends with a reason.</summary>
public sealed class StripeEventStore(Database db)
{
    // A worker that has not finished by then has died; what it did is safe to do again.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>False when the event was here already.</summary>
    public async Task<bool> AddAsync(StripeEvent stripeEvent, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var added = await connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO stripe_events (id, type, api_version, livemode, account, object_kind, object_id, customer_id, payload, created_at, received_at, next_attempt_at)
            VALUES (@Id, @Type, @ApiVersion, @Livemode, @Account, @ObjectKind, @ObjectId, @CustomerId, @Payload::json, @CreatedAt, @now, @now)
            ON CONFLICT (id) DO NOTHING
            """, Parameters(stripeEvent, now), cancellationToken: ct));
        return added > 0;
    }

    public async Task<IReadOnlyList<ClaimedEvent>> ClaimAsync(int limit, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<ClaimedEvent>(new CommandDefinition("""
            UPDATE stripe_events e
               SET state = 'processing', attempts = attempts + 1, claimed_at = @now, next_attempt_at = @now + @Lease
             WHERE e.id IN (SELECT id FROM stripe_events
                             WHERE state IN ('received', 'processing') AND next_attempt_at <= @now
                             ORDER BY next_attempt_at LIMIT @limit FOR UPDATE SKIP LOCKED)
            RETURNING e.id, e.type, e.livemode, e.account, e.object_kind, e.object_id, e.attempts, nextval('stripe_read_seq') AS read_seq
            """, new { limit, now, Lease }, cancellationToken: ct))).AsList();
    }

    /// <summary>Ends the events with a state and a reason.</summary>
    public async Task FinishAsync(string[] ids, string state, string? reason, Guid? userId, TimeSpan took, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE stripe_events
               SET state = @state, reason = @reason, user_id = @userId, duration_ms = @milliseconds, finished_at = @now, last_error = NULL
             WHERE id = ANY (@ids)
            """, new { ids, state, reason, userId, milliseconds = (int)took.TotalMilliseconds, now }, cancellationToken: ct));
    }

    /// <summary>Puts the events back, to be tried again later.</summary>
    public async Task RetryAsync(string[] ids, string error, TimeSpan wait, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE stripe_events SET state = 'received', last_error = @error, next_attempt_at = @now + @wait WHERE id = ANY (@ids)
            """, new { ids, error, wait, now }, cancellationToken: ct));
    }

    private static DynamicParameters Parameters(StripeEvent stripeEvent, DateTimeOffset now)
    {
        var parameters = new DynamicParameters(stripeEvent);
        parameters.Add("now", now);
        return parameters;
    }
}
