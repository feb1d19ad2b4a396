using Npgsql;

namespace Aurion.Data.Account;

/// <summary>Hears of every session that ends, on whichever node.</summary>
public sealed class EndedSessions(Database database)
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);

    /// <summary>Listens until cancelled; throws when the connection is lost. Calls <paramref name="listening"/> once nothing can be missed.</summary>
    public async Task ListenAsync(Action listening, Action<Guid> ended, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        connection.Notification += (_, notification) =>
        {
            if (Guid.TryParse(notification.Payload, out var sessionId))
                ended(sessionId);
        };
        await using (var listen = new NpgsqlCommand("LISTEN aurion_session_ended", connection))
            await listen.ExecuteNonQueryAsync(ct);
        listening();

        // A connection whose other end has vanished says nothing: ask it now and then.
        await using var ping = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = (int)CheckEvery.TotalSeconds };
        while (true)
            if (!await connection.WaitAsync(CheckEvery, ct))
                await ping.ExecuteNonQueryAsync(ct);
    }
}
