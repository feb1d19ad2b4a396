using Dapper;

namespace Aurion.Data.Ai;

/// <summary>A text that its owner sends again and again.</summary>
public sealed record SavedPrompt(Guid Id, string Title, string Text);

/// <summary>The prompts that people keep.</summary>
public sealed class SavedPromptStore(Database db, TimeProvider clock)
{
    public const int MostSaved = 200;

    /// <summary>By title; with <paramref name="search"/> those whose title or text contains it.</summary>
    public Task<IReadOnlyList<SavedPrompt>> ListAsync(Guid userId, string? search, CancellationToken ct = default) =>
        db.ListAsync<SavedPrompt>(userId, """
            SELECT id, title, text FROM saved_prompts
             WHERE user_id = @userId AND (@search::text IS NULL OR strpos(lower(title || E'\n' || text), lower(@search)) > 0)
             ORDER BY lower(title), id
            """, new { search }, ct);

    /// <summary>Those that were written last, the newest first.</summary>
    public Task<IReadOnlyList<SavedPrompt>> ListNewestAsync(Guid userId, int most, CancellationToken ct = default) =>
        db.ListAsync<SavedPrompt>(userId, "SELECT id, title, text FROM saved_prompts WHERE user_id = @userId ORDER BY updated_at DESC, id DESC LIMIT @most", new { most }, ct);

    public Task<SavedPrompt?> FindAsync(Guid userId, Guid id, CancellationToken ct = default) =>
        db.FindAsync<SavedPrompt>(userId, "SELECT id, title, text FROM saved_prompts WHERE user_id = @userId AND id = @id", new { id }, ct);

    /// <summary>False when this person keeps <see cref="MostSaved"/> already.</summary>
    public async Task<bool> AddAsync(Guid userId, string title, string text, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two at once count one after the other.
        await connection.ExecuteAsync(new CommandDefinition("SELECT pg_advisory_xact_lock(hashtextextended('saved_prompts ' || @userId, 0))", new { userId }, transaction, cancellationToken: ct));
        var added = await connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO saved_prompts (user_id, id, title, text, created_at, updated_at)
            SELECT @userId, @id, @title, @text, @now, @now WHERE (SELECT count(*) FROM saved_prompts WHERE user_id = @userId) < @MostSaved
            """, new { userId, id = Guid.CreateVersion7(clock.GetUtcNow()), title, text, now = clock.GetUtcNow(), MostSaved }, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return added > 0;
    }

    /// <summary>False when there is no such prompt.</summary>
    public Task<bool> ReplaceAsync(Guid userId, Guid id, string title, string text, CancellationToken ct = default) =>
        ExecuteAsync("UPDATE saved_prompts SET title = @title, text = @text, updated_at = @now WHERE user_id = @userId AND id = @id", new { userId, id, title, text, now = clock.GetUtcNow() }, ct);

    /// <summary>False when there is no such prompt.</summary>
    public Task<bool> DeleteAsync(Guid userId, Guid id, CancellationToken ct = default) =>
        ExecuteAsync("DELETE FROM saved_prompts WHERE user_id = @userId AND id = @id", new { userId, id }, ct);

    private async Task<bool> ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct)) > 0;
    }
}
