using Dapper;
using Npgsql;

namespace Aurion.Data.Account;

/// <summary>An export that somebody asked for; without <paramref name="ExpiresAt"/> it is being made.</summary>
public sealed record ExportState(Guid Id, DateTimeOffset AskedAt, DateTimeOffset? ExpiresAt, long? Bytes);

/// <summary>An export that waits to be made, in its owner's language.</summary>
public sealed record AskedExport(Guid UserId, Guid Id, string? Locale);

/// <summary>The files that people ask for with all that is theirs: one at a time, made once, kept for a day.</summary>
public sealed class ExportFileStore(Database db, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    // Of a worker that makes one; after that another does.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private const int PartSize = 1024 * 1024;

    /// <summary>Null when none is being made or kept.</summary>
    public Task<ExportState?> FindAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<ExportState>(userId, """
            SELECT id, asked_at, expires_at, bytes FROM account_exports WHERE user_id = @userId AND (expires_at IS NULL OR expires_at > @now)
            """, new { now = clock.GetUtcNow() }, ct);

    /// <summary>Asks for one, unless one is being made or kept.</summary>
    public async Task AskAsync(Guid userId, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            DELETE FROM account_exports WHERE user_id = @userId AND expires_at <= @now;
            INSERT INTO account_exports (user_id, id, asked_at, next_attempt_at) VALUES (@userId, @id, @now, @now) ON CONFLICT DO NOTHING
            """, new { userId, id = Guid.CreateVersion7(now), now }, cancellationToken: ct));
    }

    /// <summary>The next that is to be made, or null. It comes again later if it is not finished.</summary>
    public async Task<AskedExport?> ClaimAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<AskedExport>(new CommandDefinition("""
            UPDATE account_exports SET next_attempt_at = @now + @Lease
             WHERE user_id = (SELECT user_id FROM account_exports
                               WHERE ready_at IS NULL AND next_attempt_at <= @now ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING user_id, id, (SELECT locale FROM profiles p WHERE p.id = account_exports.user_id) AS locale
            """, new { now = clock.GetUtcNow(), Lease }, cancellationToken: ct));
    }

    /// <summary>Keeps the file piece by piece, and tells its owner. False when it is not awaited any more.</summary>
    public async Task<bool> FinishAsync(AskedExport export, Stream file, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Locked, so that of two workers one keeps its file.
        if (await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT id FROM account_exports WHERE user_id = @UserId AND id = @Id AND ready_at IS NULL FOR UPDATE", export, transaction, cancellationToken: ct)) is null)
            return false;
        var bytes = await WritePartsAsync(connection, transaction, export.UserId, file, ct);
        var finished = await connection.QuerySingleAsync<bool>(new CommandDefinition("SELECT finish_account_export(@UserId, @Id, @bytes, @expiresAt, @now)",
            new { export.UserId, export.Id, bytes, expiresAt = now + Lifetime, now }, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return finished;
    }

    /// <summary>One piece of the file, read in the name of its owner; null after the last one, and of what is not theirs or not kept any more.</summary>
    public Task<byte[]?> ReadPartAsync(Guid userId, Guid id, int part, CancellationToken ct = default) =>
        db.FindAsync<byte[]>(userId, """
            SELECT p.content FROM account_export_parts p JOIN account_exports e ON e.user_id = p.user_id
             WHERE p.user_id = @userId AND e.id = @id AND e.expires_at > @now AND p.part = @part
            """, new { id, part, now = clock.GetUtcNow() }, ct);

    public async Task RemoveExpiredAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM account_exports WHERE expires_at <= @now", new { now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    private static async Task<long> WritePartsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid userId, Stream file, CancellationToken ct)
    {
        var (buffer, bytes) = (new byte[PartSize], 0L);
        for (var part = 0; await file.ReadAtLeastAsync(buffer, PartSize, throwOnEndOfStream: false, ct) is > 0 and var read; part++)
        {
            await connection.ExecuteAsync(new CommandDefinition("INSERT INTO account_export_parts (user_id, part, content) VALUES (@userId, @part, @content)",
                new { userId, part, content = read == PartSize ? buffer : buffer[..read] }, transaction, cancellationToken: ct));
            bytes += read;
        }
        return bytes;
    }
}
