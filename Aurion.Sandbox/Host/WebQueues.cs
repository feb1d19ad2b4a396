using System.Diagnostics;
using Npgsql;

namespace Aurion.Sandbox.Host;

/// <summary>What the web has been told and has not acted on yet.</summary>
internal sealed class WebQueues(string owner)
{
    // A web that is stopped, or busy for longer, must not keep anybody waiting.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits until every event has been applied and every mail sent, save for those that failed and will be tried again.</summary>
    public async Task UntilEmptyAsync()
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience && !await AreEmptyAsync(connection);)
            await Task.Delay(50);
    }

    private static async Task<bool> AreEmptyAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("""
            SELECT NOT EXISTS (SELECT FROM stripe_events WHERE state IN ('received', 'processing') AND last_error IS NULL)
               AND NOT EXISTS (SELECT FROM mails WHERE state = 'waiting' AND last_error IS NULL)
            """, connection);
        return await command.ExecuteScalarAsync() is true;
    }
}
