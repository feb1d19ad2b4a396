using Dapper;
using Npgsql;

namespace Aurion.Data.Credits;

/// <summary>The channel on which the database says whose balance moved.</summary>
public sealed class BalanceSignals(NpgsqlDataSource db)
{
    private const int KeepAliveMilliseconds = 15_000;

    /// <summary>Tells every node whose balance moved. Call it after the commit: a NOTIFY inside makes commits wait for one another.</summary>
    public async Task AnnounceAsync(Guid[] userIds, CancellationToken ct = default)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT pg_notify('aurion_balance', id::text) FROM unnest(@userIds) AS id", new { userIds }, cancellationToken: ct));
    }

    /// <summary>Holds one connection and reports until it breaks; <paramref name="listening"/> runs once signals can no longer be missed.</summary>
    public async Task ListenAsync(Action listening, Action<Guid> moved, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        connection.Notification += (_, signal) =>
        {
            if (Guid.TryParse(signal.Payload, out var userId))
                moved(userId);
        };
        await using (var listen = new NpgsqlCommand("LISTEN aurion_balance", connection))
            await listen.ExecuteNonQueryAsync(ct);
        listening();
        while (true)
            // A silent connection may be a dead one: one round trip a quarter of a minute finds out.
            if (!await connection.WaitAsync(KeepAliveMilliseconds, ct))
                await using (var alive = new NpgsqlCommand("SELECT 1", connection))
                    await alive.ExecuteNonQueryAsync(ct);
    }
}
