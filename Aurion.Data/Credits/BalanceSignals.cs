using Dapper;
using Npgsql;

namespace Aurion.Data.Credits;

/// <summary>The channels on which the database says whose balance moved and which sign-in ended.</summary>
public sealed class BalanceSignals(Database db, TimeProvider clock)
{
    /// <summary>Announced in place of a user when many balances moved at once: each open page then reads its own again.</summary>
    public static readonly Guid Everybody = Guid.Empty;

    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);

    /// <summary>Tells every node whose balance moved. Call it after the commit: a NOTIFY inside makes commits wait for one another.</summary>
    public async Task AnnounceAsync(Guid[] userIds, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT pg_notify('aurion_balance', id::text) FROM unnest(@userIds) AS id", new { userIds }, cancellationToken: ct));
    }

    /// <summary>Holds one connection and reports until it breaks; <paramref name="listening"/> runs once signals can no longer be missed.</summary>
    public async Task ListenAsync(Func<Task> listening, Action<Guid> moved, Action<Guid> ended, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        connection.Notification += (_, signal) =>
        {
            if (Guid.TryParse(signal.Payload, out var id))
                (signal.Channel == "aurion_balance" ? moved : ended)(id);
        };
        // The name is for whoever looks at pg_stat_activity: one such connection a process.
        await using (var listen = new NpgsqlCommand("SET application_name = 'aurion live'; LISTEN aurion_balance; LISTEN aurion_session_ended", connection))
            await listen.ExecuteNonQueryAsync(ct);
        await listening();

        // A connection whose other end has vanished says nothing: ask it now and then.
        await using var ping = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = (int)CheckEvery.TotalSeconds };
        while (true)
            if (!await connection.WaitAsync(CheckEvery, ct))
                await ping.ExecuteNonQueryAsync(ct);
    }

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
