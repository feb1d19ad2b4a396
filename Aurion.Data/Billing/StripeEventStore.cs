using Dapper;

namespace Aurion.Data.Billing;

/// <summary>The queue of what Stripe told us: a row is added once, claimed by one worker at a time, and ends with a reason.</summary>
public sealed class StripeEventStore(Database db, TimeProvider clock)
{
    // A worker that has not finished by then has died; what it did is safe to do again.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Stores the events in one commit; for each, in the same order, false when it was here already.</summary>
    public async Task<IReadOnlyList<bool>> AddAsync(IReadOnlyList<StripeEvent> events, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenLaneAsync(ct);
        // In the order of their ids, so that two nodes that are given the same events never wait for each other.
        var added = (await connection.QueryAsync<string>(new CommandDefinition("""
            INSERT INTO stripe_events (id, type, api_version, livemode, account, object_kind, object_id, customer_id, payload, created_at, received_at, next_attempt_at)
            SELECT e.id, e.type, e.api_version, e.livemode, e.account, e.object_kind, e.object_id, e.customer_id, e.payload::json, e.created_at, @now, @now
              FROM unnest(@ids, @types, @versions, @livemodes, @accounts, @kinds, @objects, @customers, @payloads, @created)
                   AS e (id, type, api_version, livemode, account, object_kind, object_id, customer_id, payload, created_at)
             ORDER BY e.id
            ON CONFLICT (id) DO NOTHING
            RETURNING id
            """, new
        {
            ids = events.Select(e => e.Id).ToArray(),
            types = events.Select(e => e.Type).ToArray(),
            versions = events.Select(e => e.ApiVersion).ToArray(),
            livemodes = events.Select(e => e.Livemode).ToArray(),
            accounts = events.Select(e => e.Account).ToArray(),
            kinds = events.Select(e => e.ObjectKind).ToArray(),
            objects = events.Select(e => e.ObjectId).ToArray(),
            customers = events.Select(e => e.CustomerId).ToArray(),
            payloads = events.Select(e => e.Payload).ToArray(),
            created = events.Select(e => e.CreatedAt.UtcDateTime).ToArray(),
            now,
        }, cancellationToken: ct))).ToHashSet(StringComparer.Ordinal);
        return [.. events.Select(e => added.Remove(e.Id))];
    }

    /// <summary>Takes so many events that are due, and whatever else is due for their customers, since one read serves many of them.</summary>
    public async Task<IReadOnlyList<ClaimedEvent>> ClaimAsync(int limit, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        // The planner's statistics say that no event waits, so it would compare all that wait with all that are due. Behind OFFSET 0 it knows
        // a customer and finished_at alone, and reads the index of a customer's events.
        return (await connection.QueryAsync<ClaimedEvent>(new CommandDefinition("""
            WITH due AS MATERIALIZED (
                SELECT id, coalesce(customer_id, object_id) AS subject FROM stripe_events
                 WHERE state IN ('received', 'processing') AND next_attempt_at <= @now
                 ORDER BY next_attempt_at LIMIT @limit FOR UPDATE SKIP LOCKED
            ), alike AS MATERIALIZED (
                SELECT e.id FROM (SELECT DISTINCT subject FROM due WHERE subject <> '') AS d
                 CROSS JOIN LATERAL (
                    SELECT id, state, next_attempt_at FROM stripe_events
                     WHERE coalesce(customer_id, object_id) = d.subject AND finished_at IS NULL
                    OFFSET 0 FOR UPDATE SKIP LOCKED) AS e
                 WHERE e.state IN ('received', 'processing') AND e.next_attempt_at <= @now
            )
            UPDATE stripe_events e
               SET state = 'processing', attempts = attempts + 1, claimed_at = @now, next_attempt_at = @now + @Lease
             WHERE e.id IN (SELECT id FROM due UNION SELECT id FROM alike)
            RETURNING e.id, e.type, e.livemode, e.account, e.object_kind, e.object_id, e.customer_id, e.attempts, nextval('stripe_read_seq') AS read_seq
            """, new { limit, now, Lease }, cancellationToken: ct))).AsList();
    }

    /// <summary>Ends the events with a state and a reason; the content of what arrives about an erased account is not kept.</summary>
    public async Task FinishAsync(string[] ids, string state, string? reason, Guid? userId, TimeSpan took, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE stripe_events e
               SET state = @state, reason = @reason, user_id = @userId, duration_ms = @milliseconds, finished_at = @now, last_error = NULL,
                   payload = CASE WHEN NOT EXISTS (
                       SELECT FROM account_deletions d WHERE d.state = 'erased' AND d.user_id IN (
                           SELECT @userId
                            UNION ALL SELECT c.user_id FROM stripe_customers c WHERE c.customer_id IN (e.customer_id, e.object_id)
                            UNION ALL SELECT f.user_id FROM former_stripe_customers f WHERE f.customer_id IN (e.customer_id, e.object_id))) THEN payload END
             WHERE id = ANY (@ids)
            """, new { ids, state, reason, userId, milliseconds = (int)took.TotalMilliseconds, now }, cancellationToken: ct));
    }

    /// <summary>
    /// Renews the lease of claimed events whose turn comes late in a slow batch; false when another worker has taken them over meanwhile.
    /// </summary>
    public async Task<bool> HoldAsync(string[] ids, DateTimeOffset claimed, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        if (now - claimed < Lease / 4)
            return true;
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE stripe_events SET next_attempt_at = @now + @Lease WHERE id = ANY (@ids) AND state = 'processing' AND claimed_at = @claimed
            """, new { ids, claimed, now, Lease }, cancellationToken: ct)) > 0;
    }

    /// <summary>Puts the events back without counting the attempt, which failed by no fault of theirs; the wait grows with their age, to five minutes.</summary>
    public async Task PostponeAsync(string[] ids, string error, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE stripe_events
               SET state = 'received', attempts = greatest(attempts - 1, 0), last_error = @error,
                   next_attempt_at = @now + least(interval '5 minutes', greatest(interval '5 seconds', (@now - received_at) / 4))
             WHERE id = ANY (@ids)
            """, new { ids, error, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Puts the events back, to be tried again later.</summary>
    public async Task RetryAsync(string[] ids, string error, TimeSpan wait, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE stripe_events SET state = 'received', last_error = @error, next_attempt_at = @now + @wait WHERE id = ANY (@ids)
            """, new { ids, error, wait, now }, cancellationToken: ct));
    }
}
