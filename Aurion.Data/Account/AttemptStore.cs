using Dapper;

namespace Aurion.Data.Account;

/// <summary>At most <paramref name="Burst"/> attempts at once, then one every <paramref name="Interval"/>.</summary>
public sealed record AttemptLimit(string Subject, int Burst, TimeSpan Interval);

/// <summary>The brake on guessing, shared by all nodes.</summary>
public sealed class AttemptStore(Database database, TimeProvider clock)
{
    /// <summary>Counts one attempt against every limit and returns null; or against none, and returns how long to wait.</summary>
    public Task<TimeSpan?> TakeAsync(IReadOnlyCollection<AttemptLimit> limits, CancellationToken ct = default) =>
        TakeAsync("SELECT take_account_attempt(@subjects, @bursts, @intervals, @now)", null, limits, ct);

    /// <summary>The same; and where the e-mail has an account, the mail that leads to a new password is queued with it.</summary>
    public Task<TimeSpan?> TakeForPasswordResetAsync(string email, IReadOnlyCollection<AttemptLimit> limits, CancellationToken ct = default) =>
        TakeAsync("SELECT ask_password_reset(@email, @subjects, @bursts, @intervals, @now)", email, limits, ct);

    /// <summary>Gives back one attempt to each limit: it turned out to be the right person.</summary>
    public async Task GiveBackAsync(IReadOnlyCollection<AttemptLimit> limits, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            WITH locked AS (
                -- In the order of take_account_attempt, so that the two cannot wait for each other.
                SELECT a.subject, b.every FROM account_attempts a JOIN unnest(@subjects, @intervals) AS b (subject, every) USING (subject)
                 ORDER BY a.subject FOR NO KEY UPDATE OF a)
            UPDATE account_attempts AS a SET clear_at = a.clear_at - l.every
              FROM locked l WHERE a.subject = l.subject
            """,
            new { subjects = limits.Select(l => l.Subject).ToArray(), intervals = limits.Select(l => l.Interval).ToArray() },
            cancellationToken: ct));
    }

    /// <summary>The same by a function that calls take_account_attempt and does more in its transaction.</summary>
    internal async Task<TimeSpan?> TakeAsync(string sql, string? email, IReadOnlyCollection<AttemptLimit> limits, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenAsync(ct);
        var retryAt = await connection.QuerySingleAsync<DateTimeOffset?>(new CommandDefinition(sql,
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
