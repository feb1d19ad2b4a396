using System.Text.Json;
using Dapper;
using Npgsql;

namespace Aurion.Data;

/// <summary>Reads in the name of one user, so that row-level security decides what is seen: one batch, one round trip.</summary>
public sealed class Database(NpgsqlDataSource source, LaneSource lanes)
{
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken ct = default) => source.OpenConnectionAsync(ct);

    /// <summary>For statements that serve many callers at once: a few connections of their own, always warm, that no slow page can take.</summary>
    public ValueTask<NpgsqlConnection> OpenLaneAsync(CancellationToken ct = default) => lanes.Source.OpenConnectionAsync(ct);

    /// <summary>Runs the queries of <paramref name="sql"/> as role <c>authenticated</c> with the user's claims, both for this batch only.</summary>
    public async Task<T> ReadAsync<T>(Guid userId, string sql, object? parameters, Func<SqlMapper.GridReader, Task<T>> read, CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        var all = new DynamicParameters(parameters);
        all.Add("claims", JsonSerializer.Serialize(new { sub = userId, role = "authenticated" }));
        all.Add("userId", userId);
        // The statements of one command without BEGIN are one implicit transaction, where set_config(…, true) ends. Each statement asks
        // for the rows of one person, so a plan that is made anew for each person would be the same and take longer than the reading.
        await using var grid = await connection.QueryMultipleAsync(new CommandDefinition(
            $"SELECT set_config('role', 'authenticated', true), set_config('request.jwt.claims', @claims, true), set_config('plan_cache_mode', 'force_generic_plan', true);\n{sql}",
            all, cancellationToken: ct));
        await grid.ReadAsync();
        return await read(grid);
    }

    /// <summary>One row or null, read in the name of the user; <c>@userId</c> is set.</summary>
    public Task<T?> FindAsync<T>(Guid userId, string sql, object? parameters = null, CancellationToken ct = default) =>
        ReadAsync(userId, sql, parameters, grid => grid.ReadSingleOrDefaultAsync<T>(), ct)!;

    /// <summary>Rows read in the name of the user; <c>@userId</c> is set.</summary>
    public Task<IReadOnlyList<T>> ListAsync<T>(Guid userId, string sql, object? parameters = null, CancellationToken ct = default) =>
        ReadAsync<IReadOnlyList<T>>(userId, sql, parameters, async grid => (await grid.ReadAsync<T>()).AsList(), ct);
}
