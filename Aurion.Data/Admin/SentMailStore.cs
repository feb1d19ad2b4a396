using Dapper;

namespace Aurion.Data.Admin;

/// <summary>One mail in the list of all, without what it says. The address is that of today; none when the account is gone.</summary>
public sealed record SentMail(
    Guid UserId, string SourceRef, string Kind, string State, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset NextAttemptAt, DateTimeOffset? FinishedAt, string? LastError, string? Email)
{
    /// <summary>It was given up, and there is somebody to send it to.</summary>
    public bool CanBeRetried => State is "failed" or "bounced" && Email is { Length: > 0 } && LastError != "unsubscribed";
}

/// <summary>How many mails are in a state.</summary>
public sealed record MailCount(string State, int Count);

/// <summary>Everybody's mails, for administrators.</summary>
public sealed class SentMailStore(Database db, TimeProvider clock)
{
    public const int Page = 50;

    /// <summary>The newest of a state, or of all, from the one after this mail of this person on, and how many there are of each. Many are written at one instant.</summary>
    public async Task<(IReadOnlyList<SentMail> Mails, IReadOnlyList<MailCount> Counts)> ListAsync(string? state, Guid? userId, string? sourceRef, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition("""
            SELECT m.user_id, m.source_ref, m.kind, m.state, m.attempts, m.created_at, m.next_attempt_at, m.finished_at, m.last_error, p.email
              FROM mails m LEFT JOIN profiles p ON p.id = m.user_id
             WHERE (@state::text IS NULL OR m.state = @state) AND (@userId::uuid IS NULL OR (m.created_at, m.user_id, m.source_ref) < (
                   SELECT b.created_at, b.user_id, b.source_ref FROM mails b WHERE b.user_id = @userId AND b.source_ref = @sourceRef))
             ORDER BY m.created_at DESC, m.user_id DESC, m.source_ref DESC
             LIMIT @Page;
            SELECT state, count(*)::int AS count FROM mails GROUP BY state ORDER BY array_position(ARRAY['waiting', 'sent', 'bounced', 'failed'], state)
            """, new { state = string.IsNullOrEmpty(state) ? null : state, userId, sourceRef, Page }, cancellationToken: ct));
        return ((await results.ReadAsync<SentMail>()).AsList(), (await results.ReadAsync<MailCount>()).AsList());
    }

    /// <summary>Puts a mail that was given up back into the queue, with all its attempts. False when it was not, or its account is gone.</summary>
    public async Task<bool> RetryAsync(Guid userId, string sourceRef, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE mails m SET state = 'waiting', attempts = 0, next_attempt_at = @now, finished_at = NULL
              FROM profiles p
             WHERE m.user_id = @userId AND m.source_ref = @sourceRef AND m.state IN ('failed', 'bounced') AND m.last_error IS DISTINCT FROM 'unsubscribed'
               AND p.id = m.user_id AND p.email <> ''
            """, new { userId, sourceRef, now = clock.GetUtcNow() }, cancellationToken: ct)) == 1;
    }
}
