using Dapper;

namespace Aurion.Data.Account;

/// <summary>Tells people of their balance: who is to be told, once for each crossing of a threshold.</summary>
public sealed class NoticeStore(Database database, TimeProvider clock)
{
    /// <summary>At most <paramref name="limit"/> users whose credits moved since they were judged last.</summary>
    public async Task<IReadOnlyList<Guid>> ListMovedAsync(int limit, IReadOnlyCollection<Guid> except, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<Guid>(new CommandDefinition("""
            SELECT c.user_id FROM user_credits c LEFT JOIN balance_notices n USING (user_id)
             WHERE c.ledger_seq > coalesce(n.judged_seq, 0) AND c.user_id <> ALL (@except)
             LIMIT @limit
            """, new { except = except.ToArray(), limit }, commandTimeout: 300, cancellationToken: ct))).AsList();
    }

    /// <summary>Queues what these users are to be told; how many were judged.</summary>
    public Task<int> JudgeAsync(IReadOnlyList<Guid> users, CancellationToken ct = default) =>
        ScalarAsync<int>("SELECT judge_balances(@users, @now)", new { users = users.ToArray(), now = clock.GetUtcNow() }, ct);

    /// <summary>Queues a mail to everybody whose credits are about to expire; how many.</summary>
    public Task<int> WarnOfExpiryAsync(CancellationToken ct = default) =>
        ScalarAsync<int>("SELECT warn_of_expiry(@now)", new { now = clock.GetUtcNow() }, ct);

    /// <summary>At most <paramref name="limit"/> users who ask for their week in credits, and whose Monday has come.</summary>
    public async Task<IReadOnlyList<Guid>> ListWeeksAsync(int limit, IReadOnlyCollection<Guid> except, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        // No zone has its Monday more than a day before that of UTC.
        return (await connection.QueryAsync<Guid>(new CommandDefinition("""
            SELECT n.user_id FROM notification_settings n JOIN profiles p ON p.id = n.user_id CROSS JOIN LATERAL week_before(p.time_zone, @now) AS w
             WHERE n.weekly AND n.judged_week < date_trunc('week', @now AT TIME ZONE 'UTC' + interval '1 day')::date AND n.judged_week < w.monday AND n.user_id <> ALL (@except)
             LIMIT @limit
            """, new { except = except.ToArray(), limit, now = clock.GetUtcNow() }, commandTimeout: 300, cancellationToken: ct))).AsList();
    }

    /// <summary>Queues their week in credits to those of these users who have spent any; how many were looked at.</summary>
    public Task<int> WriteWeeksAsync(IReadOnlyList<Guid> users, CancellationToken ct = default) =>
        ScalarAsync<int>("SELECT write_weeks(@users, @now)", new { users = users.ToArray(), now = clock.GetUtcNow() }, ct);

    /// <summary>No more mails about the balance, or about the week. False where there is no such account.</summary>
    public Task<bool> StopAsync(Guid userId, bool isWeek, CancellationToken ct = default) =>
        ScalarAsync<bool>("SELECT stop_notices(@userId, @isWeek, @now)", new { userId, isWeek, now = clock.GetUtcNow() }, ct);

    private async Task<T> ScalarAsync<T>(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<T>(new CommandDefinition(sql, parameters, commandTimeout: 300, cancellationToken: ct));
    }
}
