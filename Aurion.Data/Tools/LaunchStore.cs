using Npgsql;
using NpgsqlTypes;

namespace Aurion.Data.Tools;

/// <summary>Check, debit, ledger row and tool session of a group of launches: one statement, one commit, one round trip.</summary>
public sealed class LaunchStore(Database db, TimeProvider clock)
{
    /// <summary>Returns one outcome for each request, in the same order, after they are durable.</summary>
    public async Task<IReadOnlyList<LaunchOutcome>> LaunchAsync(IReadOnlyList<LaunchRequest> requests, CancellationToken ct = default)
    {
        await using var connection = await db.OpenLaneAsync(ct);
        await using var command = new NpgsqlCommand("""
            SELECT place, outcome, session_id, credits_consumed, expires_at, total, used, bonus, available, required, plan_type, plan_status
              FROM consume_user_credits($1, $2, $3, $4, $5, $6, $7)
            """, connection);
        Add(command, NpgsqlDbType.Uuid, requests, r => r.UserId);
        Add(command, NpgsqlDbType.Text, requests, r => r.ToolId);
        Add(command, NpgsqlDbType.Text, requests, r => r.OperationId);
        Add(command, NpgsqlDbType.Uuid, requests, r => r.SessionId);
        Add(command, NpgsqlDbType.Boolean, requests, r => r.NewSession);
        Add(command, NpgsqlDbType.TimestampTz, requests, r => r.Arrived.UtcDateTime);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });

        var outcomes = new LaunchOutcome[requests.Count];
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            outcomes[reader.GetInt64(0) - 1] = Read(reader);
        return outcomes;
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<LaunchRequest> requests, Func<LaunchRequest, T> column)
    {
        var values = new T[requests.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = column(requests[i]);
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static LaunchOutcome Read(NpgsqlDataReader row) => new(
        row.GetString(1),
        row.IsDBNull(2) ? Guid.Empty : row.GetGuid(2),
        row.GetInt32(3),
        row.IsDBNull(4) ? default : new DateTimeOffset(row.GetDateTime(4), TimeSpan.Zero),
        Number(row, 5), Number(row, 6), Number(row, 7), Number(row, 8), Number(row, 9), Text(row, 10), Text(row, 11));

    private static int Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? 0 : row.GetInt32(column);

    private static string Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? "" : row.GetString(column);
}

/// <summary>
/// One launch that was asked for. <paramref name="Arrived"/> (UTC) decides which live session may be reused; the operation id
/// makes a retry safe.
/// </summary>
public sealed record LaunchRequest(Guid UserId, string ToolId, string OperationId, Guid SessionId, bool NewSession, DateTimeOffset Arrived);

/// <summary>What the database decided for one request; the names of the outcomes stand in consume_user_credits.sql. Credits throughout.</summary>
public sealed record LaunchOutcome(
    string Outcome, Guid SessionId, int CreditsConsumed, DateTimeOffset ExpiresAt,
    int Total, int Used, int Bonus, int Available, int Required, string PlanType, string PlanStatus);
