using Dapper;
using Npgsql;

namespace Aurion.Data.Ai;

/// <summary>What is written down before a model is called. Null <paramref name="Question"/>: another answer to <paramref name="ParentId"/>.</summary>
/// <param name="Title">For a conversation that does not exist yet; so <paramref name="ToolId"/> and <paramref name="Language"/>.</param>
public sealed record AnswerDraft(
    Guid UserId, Guid Id, Guid ConversationId, string? Title, string? Question, Guid? QuestionId, Guid? ParentId, string ModelId, int PromptTokens,
    string ToolId, string Language)
{
    /// <summary>What goes with the question, in this order.</summary>
    public IReadOnlyList<Guid> Attachments { get; init; } = [];
}

/// <summary>A piece of an answer from one offset to another, in UTF-16 units.</summary>
public sealed record AnswerPart(Guid UserId, Guid MessageId, int StartsAt, int EndsAt, string Text);

/// <summary>An answer that is to end, with what the provider said of it; null where it said nothing. Its cost is in micro-dollars.</summary>
public sealed record AnswerEnding(
    Guid UserId, Guid Id, string State, string? Reason = null, int? PromptTokens = null, int? CompletionTokens = null, long? CostMicrodollars = null, string? GenerationId = null);

/// <summary>How an answer ended, in the words of finish_answers.sql.</summary>
public sealed record AnswerEnd(string State, int Credits);

/// <summary>An answer from an offset on, and whether it is still being written.</summary>
public sealed record AnswerTail(string Text, string State, string? Reason, int? Credits);

/// <summary>Answers while they are written, stored as they come.</summary>
public sealed class AnswerStore(Database db, TimeProvider clock)
{
    /// <summary>Writes question and answer down. False when another answer of the conversation is being written, or the conversation is gone.</summary>
    public async Task<bool> BeginAsync(AnswerDraft draft, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        try
        {
            return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
                WITH place AS (
                    INSERT INTO conversations (user_id, id, title, created_at, updated_at, tool_id, language)
                    SELECT @UserId, @ConversationId, @Title, @now, @now, @ToolId, @Language WHERE @Title::text IS NOT NULL
                 RETURNING id),
                known AS (
                    UPDATE conversations SET updated_at = @now WHERE user_id = @UserId AND id = @ConversationId AND @Title::text IS NULL
                 RETURNING id),
                question AS (
                    INSERT INTO messages (user_id, id, conversation_id, parent_id, role, content, created_at)
                    SELECT @UserId, @QuestionId, id, @ParentId, 'user', @Question, @now FROM (TABLE place UNION ALL TABLE known) c WHERE @Question::text IS NOT NULL),
                answer AS (
                    INSERT INTO messages (user_id, id, conversation_id, parent_id, role, content, created_at, state, model_id, prompt_tokens)
                    SELECT @UserId, @Id, id, coalesce(@QuestionId, @ParentId), 'assistant', '', @now, 'writing', @ModelId, @PromptTokens FROM (TABLE place UNION ALL TABLE known) c
                 RETURNING id),
                attached AS (
                    UPDATE attachments a SET message_id = @QuestionId, place = w.place
                      FROM unnest(@Attachments) WITH ORDINALITY w (id, place)
                     WHERE a.user_id = @UserId AND a.id = w.id AND a.message_id IS NULL AND @Question::text IS NOT NULL AND EXISTS (SELECT FROM answer))
                SELECT EXISTS (SELECT FROM answer)
                """, new
            {
                draft.UserId,
                draft.Id,
                draft.ConversationId,
                draft.Title,
                draft.Question,
                draft.QuestionId,
                draft.ParentId,
                draft.ModelId,
                draft.PromptTokens,
                draft.ToolId,
                draft.Language,
                Attachments = draft.Attachments.ToArray(),
                now = clock.GetUtcNow(),
            }, cancellationToken: ct));
        }
        catch (PostgresException taken) when (taken.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation)
        {
            return false;
        }
    }

    /// <summary>
    /// Stores pieces of many answers; for each, whether its answer is still being written. A piece that is stored again, longer, takes the
    /// place of the first.
    /// </summary>
    public async Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<AnswerPart> parts, CancellationToken ct = default)
    {
        await using var connection = await db.OpenLaneAsync(ct);
        var stored = await connection.QueryAsync<Guid>(new CommandDefinition("""
            WITH part AS (
                SELECT * FROM unnest(@users, @ids, @starts, @ends, @texts) AS p (user_id, message_id, starts_at, ends_at, text)),
            open AS (
                SELECT m.user_id, m.id FROM messages m JOIN part p ON p.user_id = m.user_id AND p.message_id = m.id
                 WHERE m.state = 'writing' ORDER BY m.user_id, m.id FOR SHARE OF m),
            stored AS (
                INSERT INTO message_parts (user_id, message_id, starts_at, ends_at, text)
                SELECT p.* FROM part p JOIN open ON open.user_id = p.user_id AND open.id = p.message_id
                    ON CONFLICT (user_id, message_id, starts_at) DO UPDATE SET ends_at = EXCLUDED.ends_at, text = EXCLUDED.text)
            SELECT id FROM open
            """, new
        {
            users = parts.Select(p => p.UserId).ToArray(),
            ids = parts.Select(p => p.MessageId).ToArray(),
            starts = parts.Select(p => p.StartsAt).ToArray(),
            ends = parts.Select(p => p.EndsAt).ToArray(),
            texts = parts.Select(p => p.Text).ToArray(),
        }, cancellationToken: ct));
        var open = stored.ToHashSet();
        return [.. parts.Select(part => open.Contains(part.MessageId))];
    }

    /// <summary>Ends answers and closes their holds, each once: whoever comes second gets the end of the first.</summary>
    public async Task<IReadOnlyList<AnswerEnd>> FinishAsync(IReadOnlyList<AnswerEnding> endings, CancellationToken ct = default)
    {
        await using var connection = await db.OpenLaneAsync(ct);
        var ends = await connection.QueryAsync<AnswerEnd>(new CommandDefinition("""
            SELECT state, credits FROM finish_answers(@users, @ids, @states, @reasons, @prompts, @completions, @costs, @generations, @now) ORDER BY place
            """, new
        {
            users = endings.Select(e => e.UserId).ToArray(),
            ids = endings.Select(e => e.Id).ToArray(),
            states = endings.Select(e => e.State).ToArray(),
            reasons = endings.Select(e => e.Reason).ToArray(),
            prompts = endings.Select(e => e.PromptTokens).ToArray(),
            completions = endings.Select(e => e.CompletionTokens).ToArray(),
            costs = endings.Select(e => e.CostMicrodollars).ToArray(),
            generations = endings.Select(e => e.GenerationId).ToArray(),
            now = clock.GetUtcNow(),
        }, cancellationToken: ct));
        return ends.AsList();
    }

    public async Task<AnswerEnd> FinishAsync(AnswerEnding ending, CancellationToken ct = default) => (await FinishAsync([ending], ct))[0];

    /// <summary>Says that these runs still live, so that nobody ends them in their place.</summary>
    public async Task RenewAsync(IReadOnlyCollection<(Guid UserId, Guid Id)> runs, TimeSpan lifetime, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE credit_holds h SET expires_at = @expires
              FROM unnest(@users, @ids) AS run (user_id, id)
             WHERE h.user_id = run.user_id AND h.id = run.id AND h.state = 'open'
            """, new { users = runs.Select(run => run.UserId).ToArray(), ids = runs.Select(run => run.Id).ToArray(), expires = clock.GetUtcNow() + lifetime }, cancellationToken: ct));
    }

    public async Task<bool> AnyAbandonedAsync(IReadOnlyList<string> toolIds, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM credit_holds WHERE state = 'open' AND expires_at <= @now AND tool_id = ANY (@toolIds))", new { toolIds = toolIds.ToArray(), now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Runs that nobody renews any more: their process has died.</summary>
    public async Task<IReadOnlyList<(Guid UserId, Guid Id)>> ListAbandonedAsync(IReadOnlyList<string> toolIds, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<(Guid, Guid)>(new CommandDefinition("""
            SELECT user_id, id FROM credit_holds WHERE state = 'open' AND expires_at <= @now AND tool_id = ANY (@toolIds) ORDER BY expires_at LIMIT 500
            """, new { toolIds = toolIds.ToArray(), now = clock.GetUtcNow() }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>What comes after an offset; null when there is no such answer of this person.</summary>
    public Task<AnswerTail?> FindTailAsync(Guid userId, Guid id, int offset, CancellationToken ct = default) =>
        db.ReadAsync(userId, """
            SELECT content AS text, state, reason, credits FROM messages WHERE user_id = @userId AND id = @id AND role = 'assistant';
            SELECT starts_at, text FROM message_parts WHERE user_id = @userId AND message_id = @id AND ends_at > @offset ORDER BY starts_at
            """, new { id, offset }, async results =>
        {
            var message = await results.ReadSingleOrDefaultAsync<AnswerTail>();
            var parts = (await results.ReadAsync<(int StartsAt, string Text)>()).AsList();
            if (message is null)
                return null;
            var (text, starts) = message.State == "writing" ? (string.Concat(parts.Select(part => part.Text)), parts.Count > 0 ? parts[0].StartsAt : offset) : (message.Text, 0);
            return message with { Text = text[Math.Clamp(offset - starts, 0, text.Length)..] };
        }, ct);

    /// <summary>The answer of a conversation that is being written, or null.</summary>
    public Task<Guid?> FindWritingAsync(Guid userId, Guid conversationId, CancellationToken ct = default) =>
        db.FindAsync<Guid?>(userId, "SELECT id FROM messages WHERE user_id = @userId AND conversation_id = @conversationId AND state = 'writing'", new { conversationId }, ct);
}
