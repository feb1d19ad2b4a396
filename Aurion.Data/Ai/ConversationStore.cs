using Dapper;

namespace Aurion.Data.Ai;

/// <summary>A conversation in the list of its owner.</summary>
public sealed record ConversationLine(Guid Id, string Title, DateTimeOffset UpdatedAt, bool IsPinned);

/// <summary>A conversation, without its messages.</summary>
public sealed record Conversation(Guid Id, string Title, string Instructions, string? ShareKey, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, bool IsPinned, string ToolId, string Language);

/// <summary>
/// A message of the shown branch. An answer has a state: writing, done, stopped, broken (text came before the fault) or failed (none did).
/// </summary>
/// <param name="Branch">Its place among the messages that follow the same one, from 1.</param>
/// <param name="Earlier">The branch before this one; so <paramref name="Later"/>.</param>
public sealed record ChatMessage(
    Guid Id, Guid? ParentId, string Role, string Content, DateTimeOffset CreatedAt, string? State, string? ModelId, string? ModelName, string? Reason,
    int? Credits, long? LedgerSeq, DateTimeOffset? ClosedAt, int? Ceiling, int? PromptTokens, int? CompletionTokens, int Branch, int Branches, Guid? Earlier, Guid? Later, string ToolId)
{
    public bool IsAnswer => Role == "assistant";

    public bool IsWriting => State == "writing";
}

/// <summary>The conversations of people and what was said in them.</summary>
public sealed class ConversationStore(Database db)
{
    private const int MostListed = 200;

    /// <summary>The pinned ones, then the newest first; with <paramref name="search"/> those whose title or messages contain it.</summary>
    public Task<IReadOnlyList<ConversationLine>> ListAsync(Guid userId, string toolId, string? search, CancellationToken ct = default) =>
        db.ListAsync<ConversationLine>(userId, """
            SELECT c.id, c.title, c.updated_at, c.is_pinned
              FROM conversations c
             WHERE c.user_id = @userId AND c.tool_id = @toolId
               AND (@pattern::text IS NULL OR c.title ILIKE @pattern
                    OR EXISTS (SELECT FROM messages m WHERE m.user_id = @userId AND m.conversation_id = c.id AND m.content ILIKE @pattern))
             ORDER BY c.is_pinned DESC, c.updated_at DESC
             LIMIT @most
            """, new { toolId, pattern = string.IsNullOrWhiteSpace(search) ? null : $"%{search.Trim().Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%", most = MostListed }, ct);

    public Task<Conversation?> FindAsync(Guid userId, Guid id, CancellationToken ct = default) =>
        db.FindAsync<Conversation>(userId, """
            SELECT id, title, instructions, share_key, created_at, updated_at, is_pinned, tool_id, language FROM conversations WHERE user_id = @userId AND id = @id
            """, new { id }, ct);

    /// <summary>The branch through the message <paramref name="through"/>, or the newest one, from its first message to its last.</summary>
    public Task<IReadOnlyList<ChatMessage>> ListMessagesAsync(Guid userId, Guid id, Guid? through = null, CancellationToken ct = default) =>
        db.ListAsync<ChatMessage>(userId, $"{Branch} SELECT {MessageColumns} FROM {MessageTables} ORDER BY m.depth DESC", new { id, through }, ct);

    public Task<ChatMessage?> FindMessageAsync(Guid userId, Guid messageId, CancellationToken ct = default) =>
        db.FindAsync<ChatMessage>(userId, $"""
            WITH one AS (SELECT conversation_id FROM messages WHERE user_id = @userId AND id = @messageId),
            {Family("(SELECT conversation_id FROM one)")},
            branch AS (SELECT @messageId::uuid AS id, 0 AS depth)
            SELECT {MessageColumns} FROM {MessageTables}
            """, new { messageId }, ct);

    /// <summary>The conversation of a message; null when there is no such message of this person.</summary>
    public Task<Guid?> FindConversationOfAsync(Guid userId, Guid messageId, CancellationToken ct = default) =>
        db.FindAsync<Guid?>(userId, "SELECT conversation_id FROM messages WHERE user_id = @userId AND id = @messageId", new { messageId }, ct);

    /// <summary>False when there is no such conversation.</summary>
    public async Task<bool> RenameAsync(Guid userId, Guid id, string title, CancellationToken ct = default) =>
        await ExecuteAsync("UPDATE conversations SET title = @title WHERE user_id = @userId AND id = @id", new { userId, id, title }, ct);

    public async Task<bool> InstructAsync(Guid userId, Guid id, string instructions, CancellationToken ct = default) =>
        await ExecuteAsync("UPDATE conversations SET instructions = @instructions WHERE user_id = @userId AND id = @id", new { userId, id, instructions }, ct);

    /// <summary>Keeps it on top of the list, or no more.</summary>
    public async Task<bool> PinAsync(Guid userId, Guid id, bool isPinned, CancellationToken ct = default) =>
        await ExecuteAsync("UPDATE conversations SET is_pinned = @isPinned WHERE user_id = @userId AND id = @id", new { userId, id, isPinned }, ct);

    /// <summary>Opens it to whoever has the key; null ends that.</summary>
    public async Task<bool> ShareAsync(Guid userId, Guid id, string? key, CancellationToken ct = default) =>
        await ExecuteAsync("UPDATE conversations SET share_key = @key WHERE user_id = @userId AND id = @id", new { userId, id, key }, ct);

    /// <summary>Whose conversation a key opens.</summary>
    public async Task<(Guid UserId, Guid Id)?> FindSharedAsync(string key, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<(Guid, Guid)?>(new CommandDefinition(
            "SELECT user_id, id FROM conversations WHERE share_key = @key", new { key }, cancellationToken: ct));
    }

    /// <summary>Deletes it with its messages; false while an answer is being written, and when there is none such.</summary>
    public async Task<bool> DeleteAsync(Guid userId, Guid id, CancellationToken ct = default) =>
        await ExecuteAsync("""
            DELETE FROM conversations c
             WHERE user_id = @userId AND id = @id
               AND NOT EXISTS (SELECT FROM messages m WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.state = 'writing')
            """, new { userId, id }, ct);

    private async Task<bool> ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct)) > 0;
    }

    // Each message of the conversation with its neighbours among those that follow the same one.
    private static string Family(string conversation) => $"""
        family AS (
            SELECT messages.*, row_number() OVER siblings AS branch, count(*) OVER (PARTITION BY parent_id) AS branches,
                   lag(id) OVER siblings AS earlier, lead(id) OVER siblings AS later
              FROM messages
             WHERE user_id = @userId AND conversation_id = {conversation}
            WINDOW siblings AS (PARTITION BY parent_id ORDER BY created_at, id))
        """;

    // Down from the asked message to the newest one that follows it, then up to the first.
    private static readonly string Branch = $"""
        WITH RECURSIVE down AS (
            SELECT id FROM messages WHERE user_id = @userId AND conversation_id = @id AND id = @through
             UNION ALL
            SELECT next.id FROM down d CROSS JOIN LATERAL
                   (SELECT id FROM messages WHERE user_id = @userId AND conversation_id = @id AND parent_id = d.id ORDER BY created_at DESC, id DESC LIMIT 1) next),
        leaf AS (
            SELECT id FROM messages
             WHERE user_id = @userId AND conversation_id = @id AND (@through::uuid IS NULL OR id IN (SELECT id FROM down))
             ORDER BY created_at DESC, role = 'assistant' DESC, id DESC LIMIT 1),
        branch AS (
            SELECT m.id, m.parent_id, 0 AS depth FROM messages m JOIN leaf USING (id) WHERE m.user_id = @userId
             UNION ALL
            SELECT m.id, m.parent_id, b.depth + 1 FROM branch b JOIN messages m ON m.user_id = @userId AND m.id = b.parent_id),
        {Family("@id")}
        """;

    private const string MessageColumns = """
        m.id, m.parent_id, m.role,
        CASE WHEN m.state = 'writing' THEN coalesce((SELECT string_agg(text, '' ORDER BY starts_at) FROM message_parts t WHERE t.user_id = @userId AND t.message_id = m.id), '')
             ELSE m.content END AS content,
        m.created_at, m.state, m.model_id, coalesce(a.name, m.model_id) AS model_name, m.reason, m.credits, m.ledger_seq, m.closed_at,
        h.ceiling, h.prompt_tokens, h.completion_tokens, m.branch::int, m.branches::int, m.earlier, m.later, c.tool_id
        """;

    // OFFSET 0 keeps these two joined first, by a hash: after another join the planner expects one row, and runs the window functions once for each message.
    private const string MessageTables = """
        (SELECT f.*, b.depth FROM branch b JOIN family f ON f.id = b.id OFFSET 0) m
        JOIN conversations c ON c.user_id = @userId AND c.id = m.conversation_id
        LEFT JOIN ai_models a ON a.model_id = m.model_id
        LEFT JOIN credit_holds h ON h.user_id = @userId AND h.id = m.id
        """;
}
