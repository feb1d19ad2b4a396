using Dapper;

namespace Aurion.Data.Infrastructure;

/// <summary>Tells every node that a job was enqueued.</summary>
public sealed class JobSignals(Database db)
{
    private const string Channel = "aurion_job";

    public async Task AnnounceAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("SELECT pg_notify(@Channel, @payload)", new { Channel, payload = Guid.Empty.ToString() }, cancellationToken: ct));
    }

    /// <summary>Reports until the connection is lost, and once at the beginning, for what was enqueued before.</summary>
    public Task ListenAsync(Action enqueued, CancellationToken ct) =>
        db.ListenAsync([Channel], () =>
        {
            enqueued();
            return Task.CompletedTask;
        }, (_, _) => enqueued(), ct);
}
