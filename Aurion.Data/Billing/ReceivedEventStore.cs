using Dapper;

namespace Aurion.Data.Billing;

/// <summary>What Stripe told us, for operators.</summary>
public sealed class ReceivedEventStore(Database db)
{
    public const int Page = 100;

    private const string Columns = """
        e.id, e.type, e.state, e.object_kind, e.object_id, p.email, e.attempts, e.duration_ms, e.reason, e.last_error, e.received_at, e.next_attempt_at
        """;

    /// <summary>The newest events, of one state or of all; from <paramref name="before"/> on, those that arrived earlier than that one.</summary>
    public async Task<(IReadOnlyList<ReceivedEvent> Events, IReadOnlyList<EventCount> Counts)> ListAsync(string? state, string? before, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition($"""
            SELECT {Columns}
              FROM stripe_events e LEFT JOIN profiles p ON p.id = e.user_id
             WHERE (coalesce(@state, '') = '' OR e.state = @state)
               AND (@before::text IS NULL OR (e.received_at, e.id) < (SELECT received_at, id FROM stripe_events WHERE id = @before))
             ORDER BY e.received_at DESC, e.id DESC
             LIMIT {Page};
            SELECT state, count(*)::integer AS count FROM stripe_events GROUP BY state ORDER BY state
            """, new { state, before }, cancellationToken: ct));
        return ([.. await results.ReadAsync<ReceivedEvent>()], [.. await results.ReadAsync<EventCount>()]);
    }

    /// <summary>An event with its content, which is removed after a time.</summary>
    public async Task<(ReceivedEvent Event, string? Payload)?> FindAsync(string id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition($"""
            SELECT {Columns} FROM stripe_events e LEFT JOIN profiles p ON p.id = e.user_id WHERE e.id = @id;
            SELECT payload::text FROM stripe_events WHERE id = @id
            """, new { id }, cancellationToken: ct));
        return await results.ReadSingleOrDefaultAsync<ReceivedEvent>() is { } found ? (found, await results.ReadSingleAsync<string?>()) : null;
    }

    /// <summary>Puts an event, or every failed one, back into the queue; how many.</summary>
    public async Task<int> RequeueAsync(string? id, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE stripe_events SET state = 'received', attempts = 0, finished_at = NULL, next_attempt_at = @now
             WHERE CASE WHEN @id::text IS NULL THEN state = 'failed' ELSE id = @id AND state <> 'processing' END
            """, new { id, now }, cancellationToken: ct));
    }
}
