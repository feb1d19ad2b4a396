using System.Text.Json;
using Dapper;

namespace Aurion.Data.Credits;

/// <summary>Receipts that people send to their own mailbox.</summary>
public sealed class ReceiptMailStore(Database db, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Queues it once for each press of the button; the outcome is queued, unproven or wait, see mail_receipt.</summary>
    public async Task<string> QueueAsync(Guid userId, Receipt receipt, Guid press, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<string>(new CommandDefinition("SELECT mail_receipt(@userId, @Seq, @press, @facts::jsonb, @now)",
            new { userId, receipt.Movement.Seq, press, facts = JsonSerializer.Serialize(receipt, Names), now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
