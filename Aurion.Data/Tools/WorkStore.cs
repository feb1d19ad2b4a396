using Dapper;

namespace Aurion.Data.Tools;

/// <summary>A piece of work to be saved; the content is JSON as 0034_works.sql describes it.</summary>
/// <param name="BaseRevision">The revision that was read; 0 for a new piece.</param>
/// <param name="IsForced">The person has chosen this text over one that was saved meanwhile.</param>
public sealed record WorkDraft(
    Guid UserId, Guid Id, string ToolId, Guid SessionId, string Title, int BaseRevision, string Content, string Note, bool IsKept, bool IsForced);

/// <summary>What became of it; the names of the outcomes stand in save_work.sql.</summary>
public sealed record SavedWork(string Outcome, int? Revision, int? Version);

/// <summary>A piece of work as a list shows it. Bytes of its newest version; <paramref name="Content"/> is JSON.</summary>
public sealed record WorkLine(
    Guid Id, string ToolId, string ToolName, string Title, int Revision, int Version, int Bytes, string? PublishKey, DateTimeOffset UpdatedAt, string Content);

/// <summary>One version of a piece with its content, JSON.</summary>
public sealed record Work(
    Guid Id, string ToolId, string ToolName, string Title, int Revision, int Version, int NewestVersion, string? PublishKey, int? PublishedVersion,
    DateTimeOffset UpdatedAt, string Content);

/// <summary>A version without its content.</summary>
public sealed record WorkVersion(int Version, string Note, bool IsKept, int Bytes, DateTimeOffset UpdatedAt);

/// <summary>What people make in embedded tools.</summary>
public sealed class WorkStore(Database db, TimeProvider clock)
{
    public const int PerPage = 24;

    private const string Columns = """
        w.id, w.tool_id, t.name AS tool_name, w.title, w.revision
        """;

    public async Task<SavedWork> SaveAsync(WorkDraft draft, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<SavedWork>(new CommandDefinition("""
            SELECT outcome, revision, version
              FROM save_work(@UserId, @Id, @ToolId, @SessionId, @Title, @BaseRevision, @Content::jsonb, @Note, @IsKept, @IsForced, @now)
            """, new
        {
            draft.UserId,
            draft.Id,
            draft.ToolId,
            draft.SessionId,
            draft.Title,
            draft.BaseRevision,
            draft.Content,
            draft.Note,
            draft.IsKept,
            draft.IsForced,
            now = clock.GetUtcNow(),
        }, cancellationToken: ct));
    }

    /// <summary>The newest first, <see cref="PerPage"/> and one more. Null tool: of every tool; the search is in titles and texts.</summary>
    public Task<IReadOnlyList<WorkLine>> ListAsync(Guid userId, string? toolId, string? search, int skip, CancellationToken ct = default) =>
        db.ListAsync<WorkLine>(userId, $"""
            SELECT {Columns}, v.version, v.bytes, w.publish_key, w.updated_at, v.content
              FROM works w
              JOIN tools t ON t.tool_id = w.tool_id
              JOIN LATERAL (SELECT * FROM work_versions v WHERE v.user_id = w.user_id AND v.work_id = w.id ORDER BY v.version DESC LIMIT 1) v ON true
             WHERE w.user_id = @userId AND (@toolId::text IS NULL OR w.tool_id = @toolId)
               AND (@search::text IS NULL OR w.title ILIKE @search OR v.content ->> 'files' ILIKE @search)
             ORDER BY w.updated_at DESC, w.id
            OFFSET @skip LIMIT {PerPage + 1}
            """, new { toolId, search = search is null ? null : $"%{search.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%", skip }, ct);

    /// <summary>The piece that was saved last in a session, or null.</summary>
    public Task<Guid?> FindLastAsync(Guid userId, Guid sessionId, CancellationToken ct = default) =>
        db.FindAsync<Guid?>(userId, """
            SELECT work_id FROM work_versions WHERE user_id = @userId AND session_id = @sessionId ORDER BY updated_at DESC LIMIT 1
            """, new { sessionId }, ct);

    /// <summary>The tools with something in them, and how much.</summary>
    public Task<IReadOnlyList<(string ToolId, string ToolName, int Count)>> CountAsync(Guid userId, CancellationToken ct = default) =>
        db.ListAsync<(string, string, int)>(userId, """
            SELECT w.tool_id, t.name, count(*)::integer FROM works w JOIN tools t ON t.tool_id = w.tool_id WHERE w.user_id = @userId GROUP BY w.tool_id, t.name, t.sort ORDER BY t.sort
            """, null, ct);

    /// <summary>A version of a piece, its newest when none is named.</summary>
    public Task<Work?> FindAsync(Guid userId, Guid id, int? version = null, CancellationToken ct = default) =>
        db.FindAsync<Work>(userId, $"""
            SELECT {Columns}, v.version, (SELECT max(n.version) FROM work_versions n WHERE n.user_id = w.user_id AND n.work_id = w.id) AS newest_version,
                   w.publish_key, w.published_version, v.updated_at, v.content
              FROM works w
              JOIN tools t ON t.tool_id = w.tool_id
              JOIN work_versions v ON v.user_id = w.user_id AND v.work_id = w.id AND (@version::integer IS NULL OR v.version = @version)
             WHERE w.user_id = @userId AND w.id = @id
             ORDER BY v.version DESC LIMIT 1
            """, new { id, version }, ct);

    public Task<IReadOnlyList<WorkVersion>> ListVersionsAsync(Guid userId, Guid id, CancellationToken ct = default) =>
        db.ListAsync<WorkVersion>(userId, """
            SELECT version, note, is_kept, bytes, updated_at FROM work_versions WHERE user_id = @userId AND work_id = @id ORDER BY version DESC
            """, new { id }, ct);

    /// <summary>Content of the version that is published under this key, whoever asks; null when the key opens nothing (any more).</summary>
    public async Task<string?> FindPublishedAsync(string key, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition("""
            SELECT v.content FROM works w JOIN work_versions v ON v.user_id = w.user_id AND v.work_id = w.id AND v.version = w.published_version WHERE w.publish_key = @key
            """, new { key }, cancellationToken: ct));
    }

    /// <summary>Opens a version to whoever has the key, under the key that it has already or under this one; null version closes it. Returns the key, or null.</summary>
    public async Task<(bool Found, string? Key)> PublishAsync(Guid userId, Guid id, int? version, string newKey, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var keys = (await connection.QueryAsync<string?>(new CommandDefinition("""
            UPDATE works w SET publish_key = CASE WHEN @version::integer IS NULL THEN NULL ELSE coalesce(publish_key, @newKey) END, published_version = @version
             WHERE user_id = @userId AND id = @id
               AND (@version::integer IS NULL OR EXISTS (SELECT FROM work_versions v WHERE v.user_id = w.user_id AND v.work_id = w.id AND v.version = @version))
            RETURNING publish_key
            """, new { userId, id, version, newKey }, cancellationToken: ct))).AsList();
        return (keys.Count > 0, keys.FirstOrDefault());
    }

    public async Task<bool> RenameAsync(Guid userId, Guid id, string title, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE works SET title = @title WHERE user_id = @userId AND id = @id", new { userId, id, title }, cancellationToken: ct)) > 0;
    }

    public async Task<bool> DeleteAsync(Guid userId, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("DELETE FROM works WHERE user_id = @userId AND id = @id", new { userId, id }, cancellationToken: ct)) > 0;
    }
}
