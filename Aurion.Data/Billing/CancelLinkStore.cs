using Aurion.Data.Account;
using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Asks for the mailed link with which somebody who is signed out cancels.</summary>
public sealed class CancelLinkStore(Database db, TimeProvider clock)
{
    /// <summary>Null when the mail is queued for whoever the address belongs to; or how long to wait when it was asked too often.</summary>
    public async Task<TimeSpan?> AskAsync(string email, IReadOnlyCollection<AttemptLimit> limits, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        var retryAt = await connection.QuerySingleAsync<DateTimeOffset?>(new CommandDefinition(
            "SELECT ask_cancel_link(@email, @subjects, @bursts, @intervals, @now)",
            new
            {
                email,
                subjects = limits.Select(l => l.Subject).ToArray(),
                bursts = limits.Select(l => l.Burst).ToArray(),
                intervals = limits.Select(l => l.Interval).ToArray(),
                now,
            },
            cancellationToken: ct));
        return retryAt - now;
    }
}
