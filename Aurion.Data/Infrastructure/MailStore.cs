using Dapper;

namespace Aurion.Data.Infrastructure;

/// <summary>
/// A mail that one worker has claimed: what it tells, to whom, in which language and time zone (null when none was ever chosen). Without an
/// address the account is gone.
/// </summary>
public sealed record ClaimedMail(Guid UserId, string SourceRef, string Kind, string Facts, int Attempts, string? Email, string? Locale, string? TimeZone);

/// <summary>The queue of mails: written with the facts they tell, claimed by one worker at a time, ended with a state.</summary>
public sealed class MailStore(Database db, TimeProvider clock)
{
    // A worker that has not finished by then has died.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    public async Task<bool> AnyDueAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM mails WHERE state = 'waiting' AND next_attempt_at <= @now)", new { now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>The next mail that is due, or null.</summary>
    public async Task<ClaimedMail?> ClaimAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ClaimedMail>(new CommandDefinition("""
            UPDATE mails m
               SET attempts = m.attempts + 1, next_attempt_at = @now + @Lease
              FROM (SELECT user_id, source_ref FROM mails
                     WHERE state = 'waiting' AND next_attempt_at <= @now
                     ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED) due
              LEFT JOIN profiles p ON p.id = due.user_id
             WHERE m.user_id = due.user_id AND m.source_ref = due.source_ref
            RETURNING m.user_id, m.source_ref, m.kind, m.facts::text AS facts, m.attempts, coalesce(m.recipient, p.email) AS email, p.locale, p.time_zone
            """, new { now = clock.GetUtcNow(), Lease }, cancellationToken: ct));
    }

    /// <summary>Ends the mail: sent, bounced or failed.</summary>
    public Task FinishAsync(ClaimedMail mail, string state, string? error, CancellationToken ct = default) =>
        ExecuteAsync("""
            UPDATE mails SET state = @state, last_error = @error, finished_at = @now, recipient = NULL WHERE user_id = @UserId AND source_ref = @SourceRef
            """, new { mail.UserId, mail.SourceRef, state, error, now = clock.GetUtcNow() }, ct);

    /// <summary>Puts the mail back, to be tried again after a while.</summary>
    public Task RetryAsync(ClaimedMail mail, string error, TimeSpan after, CancellationToken ct = default) =>
        ExecuteAsync("""
            UPDATE mails SET last_error = @error, next_attempt_at = @at WHERE user_id = @UserId AND source_ref = @SourceRef AND state = 'waiting'
            """, new { mail.UserId, mail.SourceRef, error, at = clock.GetUtcNow() + after }, ct);

    /// <summary>Puts the mail back as it was claimed: the attempt does not count.</summary>
    public Task ReleaseAsync(ClaimedMail mail, string error, CancellationToken ct = default) =>
        ExecuteAsync("""
            UPDATE mails SET last_error = @error, next_attempt_at = @now, attempts = attempts - 1
             WHERE user_id = @UserId AND source_ref = @SourceRef AND state = 'waiting'
            """, new { mail.UserId, mail.SourceRef, error, now = clock.GetUtcNow() }, ct);

    private async Task ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }
}
