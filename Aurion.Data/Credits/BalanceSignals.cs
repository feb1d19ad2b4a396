using Aurion.Data.Account;
using Dapper;

namespace Aurion.Data.Credits;

/// <summary>The channels on which the database says whose balance moved and which sign-in ended.</summary>
public sealed class BalanceSignals(Database db, TimeProvider clock)
{
    /// <summary>Announced in place of a user when many balances moved at once: each open page then reads its own again.</summary>
    public static readonly Guid Everybody = Guid.Empty;

    private const string Moved = "aurion_balance";

    // A payload of NOTIFY has less than 8,000 bytes (https://www.postgresql.org/docs/current/sql-notify.html); an id has 36.
    private const int Together = 200;

    /// <summary>Tells every node whose balance moved. Call it after the commit: a NOTIFY inside makes commits wait for one another.</summary>
    public async Task AnnounceAsync(Guid[] userIds, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            SELECT pg_notify('{Moved}', string_agg(id::text, ',')) FROM unnest(@userIds) WITH ORDINALITY AS moved (id, place) GROUP BY (place - 1) / {Together}
            """, new { userIds }, cancellationToken: ct));
    }

    /// <summary>Reports until the connection is lost; <paramref name="listening"/> runs once signals can no longer be missed.</summary>
    public Task ListenAsync(Func<Task> listening, Action<Guid> moved, Action<Guid> ended, CancellationToken ct) =>
        db.ListenAsync([Moved, SessionRevocations.Channel], listening, (channel, id) => (channel == Moved ? moved : ended)(id), ct);

    /// <summary>Which of these sign-ins are over.</summary>
    public async Task<IReadOnlyList<Guid>> ListEndedAsync(Guid[] userIds, Guid[] sessionIds, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var ended = await connection.QueryAsync<Guid>(new CommandDefinition("""
            SELECT asked.id
              FROM unnest(@userIds, @sessionIds) AS asked (user_id, id)
              LEFT JOIN account_sessions s ON s.user_id = asked.user_id AND s.id = asked.id AND s.revoked_at IS NULL AND s.expires_at > @now
             WHERE s.id IS NULL
            """, new { userIds, sessionIds, now = clock.GetUtcNow() }, cancellationToken: ct));
        return ended.AsList();
    }
}
