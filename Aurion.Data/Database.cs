using System.Data;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace Aurion.Data;

/// <summary>Reads in the name of one user, so that row-level security decides what is seen: one batch, one round trip.</summary>
public sealed class Database(NpgsqlDataSource source, DedicatedSources own)
{
    private const string Proof = "aurion_proof";
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProveEvery = TimeSpan.FromMinutes(1);

    /// <summary>Whether the last own notification did not come back: a transaction pooler stands before the listening connection.</summary>
    public bool LosesNotifications { get; private set; }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken ct = default) => source.OpenConnectionAsync(ct);

    /// <summary>For statements that serve many callers at once: a few connections of their own, always warm, that no slow page can take.</summary>
    public ValueTask<NpgsqlConnection> OpenLaneAsync(CancellationToken ct = default) => own.Lanes.OpenConnectionAsync(ct);

    /// <summary>For statements that read what many people asked for at the same moment, as the service: a few connections of their own, always warm.</summary>
    public ValueTask<NpgsqlConnection> OpenGroupReadAsync(CancellationToken ct = default) => own.GroupReads.OpenConnectionAsync(ct);

    /// <summary>
    /// Listens on a connection of its own until cancelled; throws when that is lost, or hears nothing: a transaction pooler answers LISTEN
    /// and delivers no notification, so the channel is proven by an own one, at start and each minute. <paramref name="listening"/> runs
    /// once nothing can be missed.
    /// </summary>
    /// <param name="heard">Is told each channel and each id that was announced there; one announcement may hold many, parted by commas.</param>
    public async Task ListenAsync(string[] channels, Func<Task> listening, Action<string, Guid> heard, CancellationToken ct)
    {
        await using var connection = await own.Listeners.OpenConnectionAsync(ct);
        string? awaited = null;
        connection.Notification += (_, signal) =>
        {
            if (signal.Channel == Proof)
            {
                awaited = signal.Payload == awaited ? null : awaited;
                return;
            }
            foreach (var part in signal.Payload.AsSpan().Split(','))
                if (Guid.TryParse(signal.Payload.AsSpan()[part], out var id))
                    heard(signal.Channel, id);
        };
        try
        {
            await using (var listen = new NpgsqlCommand(string.Join("; ", channels.Append(Proof).Select(channel => "LISTEN " + channel)), connection))
                await listen.ExecuteNonQueryAsync(ct);
            await ProveAsync();
            await listening();

            // A connection whose other end has vanished says nothing: ask it now and then.
            await using var ping = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = (int)CheckEvery.TotalSeconds };
            for (var proven = Stopwatch.GetTimestamp(); ;)
            {
                if (!await connection.WaitAsync(CheckEvery, ct))
                    await ping.ExecuteNonQueryAsync(ct);
                if (Stopwatch.GetElapsedTime(proven) < ProveEvery)
                    continue;
                await ProveAsync();
                proven = Stopwatch.GetTimestamp();
            }
        }
        catch (NpgsqlException) when (connection.State is not ConnectionState.Open)
        {
            // A restart or failover ends all connections at once, and only a waiting one notices: no request shall find an idle one that is dead.
            source.Clear();
            own.Lanes.Clear();
            own.GroupReads.Clear();
            throw;
        }

        async Task ProveAsync()
        {
            awaited = RandomNumberGenerator.GetHexString(32);
            await using (var other = await OpenAsync(ct))
                await other.ExecuteAsync(new CommandDefinition("SELECT pg_notify(@Proof, @awaited)", new { Proof, awaited }, cancellationToken: ct));
            for (var since = Stopwatch.GetTimestamp(); awaited is not null;)
            {
                var left = CheckEvery - Stopwatch.GetElapsedTime(since);
                if (left > TimeSpan.Zero && (await connection.WaitAsync(left, ct) || awaited is null))
                    continue;
                LosesNotifications = true;
                throw new TimeoutException("LISTEN hears nothing: a transaction pooler stands before the database. Set ConnectionStrings__AurionDirect to a direct connection.");
            }
            LosesNotifications = false;
        }
    }

    /// <summary>Runs the queries of <paramref name="sql"/> as role <c>authenticated</c> with the user's claims, both for this batch only.</summary>
    public async Task<T> ReadAsync<T>(Guid userId, string sql, object? parameters, Func<SqlMapper.GridReader, Task<T>> read, CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        var all = new DynamicParameters(parameters);
        all.Add("claims", JsonSerializer.Serialize(new { sub = userId, role = "authenticated" }));
        all.Add("userId", userId);
        // The statements of one command without BEGIN are one implicit transaction, where set_config(…, true) ends. Each statement asks
        // for the rows of one person, so a plan that is made anew for each person would be the same and take longer than the reading.
        // Not cancelled when its caller leaves: it takes milliseconds, and a connection that is handed on in the middle of a cancellation
        // may give its next user the rows of the last one.
        await using var grid = await connection.QueryMultipleAsync(new CommandDefinition(
            $"SELECT set_config('role', 'authenticated', true), set_config('request.jwt.claims', @claims, true), set_config('plan_cache_mode', 'force_generic_plan', true);\n{sql}", all));
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
