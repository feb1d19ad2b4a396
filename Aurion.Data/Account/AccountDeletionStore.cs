using Dapper;

namespace Aurion.Data.Account;

/// <summary>An account that is to be erased; <paramref name="IsWaiting"/> while its owner may still keep it.</summary>
public sealed record AccountDeletion(Guid UserId, Guid Id, DateTimeOffset DueAt, bool IsWaiting);

/// <summary>Accounts on their way to being forgotten.</summary>
public sealed class AccountDeletionStore(Database db, TimeProvider clock)
{
    // An attempt that failed is made again after this.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromHours(1);

    // A server that takes no mail for so long keeps nobody's address.
    private static readonly TimeSpan LongestDeletionMail = TimeSpan.FromDays(7);

    /// <summary>Writes it down once; returns the deletion that holds and the sessions that ended.</summary>
    public async Task<(AccountDeletion Deletion, IReadOnlyList<Guid> Ended)> ScheduleAsync(Guid userId, DateTimeOffset dueAt, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        var ended = await connection.QuerySingleAsync<Guid[]?>(new CommandDefinition(
            "SELECT schedule_account_deletion(@userId, @id, @dueAt, @now)", new { userId, id = Guid.CreateVersion7(now), dueAt, now }, cancellationToken: ct));
        return (await FindAsync(userId, ct) ?? throw new InvalidOperationException("The deletion was undone at the same moment."), ended ?? []);
    }

    /// <summary>Null for an account that nobody asked to delete.</summary>
    public async Task<AccountDeletion?> FindAsync(Guid userId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<AccountDeletion>(new CommandDefinition(
            "SELECT user_id, id, due_at, state = 'scheduled' AS is_waiting FROM account_deletions WHERE user_id = @userId", new { userId }, cancellationToken: ct));
    }

    /// <summary>False when this deletion is not waiting any more.</summary>
    public async Task<bool> UndoAsync(Guid userId, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT undo_account_deletion(@userId, @id, @now)", new { userId, id, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>The next account whose time has come, or null; from now on it cannot be kept. It comes again later if it is not erased.</summary>
    public async Task<Guid?> ClaimDueAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition("""
            UPDATE account_deletions SET state = 'erasing', next_attempt_at = @now + @RetryAfter
             WHERE user_id = (SELECT user_id FROM account_deletions
                               WHERE state <> 'erased' AND next_attempt_at <= @now ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING user_id
            """, new { now = clock.GetUtcNow(), RetryAfter }, cancellationToken: ct));
    }

    /// <summary>Erases it here; with <paramref name="mail"/> its owner is told.</summary>
    public async Task EraseAsync(Guid userId, bool mail, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT erase_account(@userId, @mail, @now)", new { userId, mail, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Forgets the addresses of erased accounts whose last mail could not be sent.</summary>
    public async Task FailLateDeletionMailsAsync(CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE mails m SET state = 'failed', finished_at = @now, recipient = NULL
              FROM account_deletions d
             WHERE d.user_id = m.user_id AND d.state = 'erased' AND m.kind = 'deletion_done' AND m.state = 'waiting' AND m.created_at < @now - @LongestDeletionMail
            """, new { now, LongestDeletionMail }, cancellationToken: ct));
    }
}
