using Dapper;

namespace Aurion.Data.Billing;

/// <summary>The mails about money whose time comes by itself: a payment that stays open, a freeze, a year that renews.</summary>
public sealed class BillingReminderStore(Database db, TimeProvider clock)
{
    /// <summary>Queues those that are due, each once; how many.</summary>
    public async Task<int> WriteAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<int>(new CommandDefinition(
            "SELECT write_billing_reminders(@now)", new { now = clock.GetUtcNow() }, commandTimeout: 300, cancellationToken: ct));
    }
}
