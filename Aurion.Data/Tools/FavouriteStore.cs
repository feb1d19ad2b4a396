using Dapper;

namespace Aurion.Data.Tools;

/// <summary>The tools a person keeps at hand.</summary>
public sealed class FavouriteStore(Database db, TimeProvider clock)
{
    /// <summary>Keeps or drops a tool and returns its name, or null when there is no such tool.</summary>
    public Task<string?> SetAsync(Guid userId, string toolId, bool favourite, CancellationToken ct = default) =>
        db.ReadAsync(userId, (favourite
            ? """
              INSERT INTO tool_favourites (user_id, tool_id, created_at)
              SELECT @userId, tool_id, @now FROM tools WHERE tool_id = @toolId
                  ON CONFLICT DO NOTHING;
              """
            : """
              DELETE FROM tool_favourites WHERE user_id = @userId AND tool_id = @toolId AND @now IS NOT NULL;
              """) + "SELECT name FROM tools WHERE tool_id = @toolId",
            new { toolId, now = clock.GetUtcNow() }, results => results.ReadSingleOrDefaultAsync<string?>(), ct)!;
}
