using Aurion.Sandbox.Stripe.Core;
using Dapper;

namespace Aurion.Sandbox.Stripe.Webhooks;

/// <summary>One event on its way to one endpoint.</summary>
internal sealed record Delivery(long Seq, string EventId, string EndpointId, int Attempts, bool MisSign, string Url, string Secret, string Body);

/// <summary>The outbox: rows that the transactions of the changes themselves wrote.</summary>
internal sealed class DeliveryQueue(StripeStore store)
{
    /// <summary>Seconds of the shared clock until the next try; after the last the delivery has failed.</summary>
    private static readonly int[] BackOff = [1, 3, 10, 30, 120, 600, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600];

    /// <summary>The next ones of each endpoint, so that one which never answers does not hold up the others.</summary>
    public async Task<IReadOnlyList<Delivery>> TakeAsync(int delaySeconds, bool evenBeforeDue)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Delivery>("""
            SELECT seq, EventId, EndpointId, attempts, MisSign, url, secret, body
              FROM (SELECT d.seq, d.event_id AS EventId, d.endpoint_id AS EndpointId, d.attempts, d.mis_sign AS MisSign,
                           p.data->>'url' AS url, p.data->>'_secret' AS secret, e.data::text AS body,
                           row_number() OVER (PARTITION BY d.endpoint_id ORDER BY d.seq) AS place
                      FROM deliveries d
                      JOIN objects e ON e.id = d.event_id
                      JOIN objects p ON p.id = d.endpoint_id
                     WHERE d.state = 'pending' AND (@evenBeforeDue OR d.next_attempt_at + CASE d.attempts WHEN 0 THEN @delaySeconds ELSE 0 END <= @now)
                       AND p.data->>'status' = 'enabled') due
             WHERE place <= 100
             ORDER BY seq
            """, new { now = store.Now, delaySeconds, evenBeforeDue })];
    }

    public async Task RecordAsync(Delivery delivery, int? status, string? error, int milliseconds)
    {
        var now = store.Now;
        var delivered = status is >= 200 and < 300;
        var attempts = delivery.Attempts + 1;
        var state = delivered ? "delivered" : attempts > BackOff.Length ? "failed" : "pending";
        await using var connection = await store.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            WITH attempt AS (
                INSERT INTO delivery_attempts (delivery_seq, attempted_at, status, error, milliseconds) VALUES (@Seq, @now, @status, @error, @milliseconds))
            UPDATE deliveries SET attempts = @attempts, state = @state, next_attempt_at = @next, last_status = @status, last_error = @error WHERE seq = @Seq
            """, new { delivery.Seq, now, status, error, milliseconds, attempts, state, next = state == "pending" ? now + BackOff[attempts - 1] : (long?)null });
        if (delivered)
            await connection.ExecuteAsync("""
                UPDATE objects
                   SET data = regexp_replace(data::text, '("pending_webhooks": *)\d+',
                                             '\1' || (SELECT count(*) FROM deliveries WHERE event_id = @EventId AND state <> 'delivered'))::json
                 WHERE id = @EventId
                """, new { delivery.EventId });
    }

    public async Task LoseAsync(Delivery delivery)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE deliveries SET state = 'lost', next_attempt_at = NULL WHERE seq = @Seq", new { delivery.Seq });
    }

    /// <summary>Sends an event (again) to every endpoint that gets its type.</summary>
    public async Task<int> ResendAsync(string eventId)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        return await connection.ExecuteAsync("""
            INSERT INTO deliveries (event_id, endpoint_id, next_attempt_at)
            SELECT e.id, p.id, 0 FROM objects e JOIN objects p ON p.object = 'webhook_endpoint' AND p.data->>'status' = 'enabled'
             WHERE e.id = @eventId AND e.object = 'event' AND (p.data->'enabled_events')::jsonb ?| array['*', e.data->>'type']
            """, new { eventId });
    }

    /// <summary>How many are on their way; an endpoint that was disabled or deleted waits for nothing.</summary>
    public async Task<int> PendingAsync()
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("""
            SELECT count(*)::int FROM deliveries d JOIN objects p ON p.id = d.endpoint_id WHERE d.state = 'pending' AND p.data->>'status' = 'enabled'
            """);
    }
}
