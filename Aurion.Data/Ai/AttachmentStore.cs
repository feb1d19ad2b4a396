using Dapper;

namespace Aurion.Data.Ai;

/// <summary>A file or picture of a message; without one it waits to be sent.</summary>
/// <param name="Tokens">The most that its text takes; 0 for a picture, of which each model has its own figure.</param>
public sealed record Attachment(Guid Id, Guid? MessageId, string Name, string Kind, int Tokens)
{
    public bool IsPicture => Kind == "picture";
}

/// <summary>The same with what a model reads of it.</summary>
public sealed record AttachedContent(Guid Id, Guid? MessageId, string Name, string Kind, int Tokens, string Text, byte[]? Picture)
{
    public bool IsPicture => Kind == "picture";
}

/// <summary>What people attach to their messages.</summary>
public sealed class AttachmentStore(Database db, TimeProvider clock)
{
    // Whoever leaves more unsent waits until the oldest are forgotten.
    private const int MostWaiting = 30;

    /// <summary>False when too many of this person wait already.</summary>
    public async Task<bool> AddAsync(Guid userId, Guid id, string name, string kind, string text, int tokens, byte[]? picture, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            WITH added AS (
                INSERT INTO attachments (user_id, id, name, kind, text, tokens, created_at)
                SELECT @userId, @id, @name, @kind, @text, @tokens, @now
                 WHERE (SELECT count(*) FROM attachments WHERE user_id = @userId AND message_id IS NULL) < @MostWaiting
             RETURNING user_id, id),
            kept AS (INSERT INTO attachment_files (user_id, attachment_id, content) SELECT user_id, id, @picture FROM added WHERE @picture::bytea IS NOT NULL)
            SELECT EXISTS (SELECT FROM added)
            """, new { userId, id, name, kind, text, tokens, picture, now = clock.GetUtcNow(), MostWaiting }, cancellationToken: ct));
    }

    /// <summary>Of these, the ones that wait, in the order of <paramref name="ids"/>.</summary>
    public Task<IReadOnlyList<Attachment>> ListWaitingAsync(Guid userId, IReadOnlyList<Guid> ids, CancellationToken ct = default) =>
        db.ListAsync<Attachment>(userId, """
            SELECT a.id, a.message_id, a.name, a.kind, a.tokens
              FROM unnest(@ids) WITH ORDINALITY w (id, place) JOIN attachments a ON a.user_id = @userId AND a.id = w.id AND a.message_id IS NULL
             ORDER BY w.place
            """, new { ids = ids.ToArray() }, ct);

    /// <summary>Those of a conversation, in the order of their messages' own.</summary>
    public Task<IReadOnlyList<Attachment>> ListAsync(Guid userId, Guid conversationId, CancellationToken ct = default) =>
        db.ListAsync<Attachment>(userId, """
            SELECT a.id, a.message_id, a.name, a.kind, a.tokens
              FROM messages m JOIN attachments a ON a.user_id = @userId AND a.message_id = m.id
             WHERE m.user_id = @userId AND m.conversation_id = @conversationId
             ORDER BY a.message_id, a.place
            """, new { conversationId }, ct);

    /// <summary>What a model reads: those of these messages, and of these the ones that wait.</summary>
    public Task<IReadOnlyList<AttachedContent>> ListContentAsync(Guid userId, IReadOnlyList<Guid> messages, IReadOnlyList<Guid> waiting, CancellationToken ct = default) =>
        db.ListAsync<AttachedContent>(userId, """
            SELECT a.id, a.message_id, a.name, a.kind, a.tokens, a.text, f.content AS picture
              FROM attachments a
              LEFT JOIN attachment_files f ON f.user_id = @userId AND f.attachment_id = a.id
             WHERE a.user_id = @userId AND (a.message_id = ANY (@messages) OR (a.id = ANY (@waiting) AND a.message_id IS NULL))
             ORDER BY a.message_id, a.place, array_position(@waiting, a.id)
            """, new { messages = messages.ToArray(), waiting = waiting.ToArray() }, ct);

    /// <summary>Takes one back that was not sent.</summary>
    public async Task RemoveAsync(Guid userId, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM attachments WHERE user_id = @userId AND id = @id AND message_id IS NULL", new { userId, id }, cancellationToken: ct));
    }

    public Task<byte[]?> FindPictureAsync(Guid userId, Guid id, CancellationToken ct = default) =>
        db.FindAsync<byte[]>(userId, "SELECT content FROM attachment_files WHERE user_id = @userId AND attachment_id = @id", new { id }, ct);
}
