using System.Diagnostics;
using Npgsql;

namespace Aurion.Bench;

/// <summary>The windows of many free accounts end at once; the web's own job refills them while launches go on. The usual way, one account and one commit at a time, is measured on others first.</summary>
internal static class Refill
{
    private const int Spenders = 8;
    private const int OneByOne = 2_000;
    private const string Due = "user_plans WHERE plan_type = 'free' AND status = 'active' AND billing_interval IS DISTINCT FROM 'month' AND current_period_end <= now()";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchRun run)
    {
        await using var source = run.Target.Connect(4);
        var accounts = await BenchAccounts.CreateAsync(source, "refill", OneByOne + run.Options.Refills);
        await using var end = source.CreateCommand("""
            UPDATE user_plans p SET current_period_start = now() - interval '1 month', current_period_end = now() - interval '1 second'
              FROM profiles u WHERE u.id = p.user_id AND u.email LIKE 'refill-%@bench.aurion.test' AND p.plan_type = 'free' AND p.user_id <> ALL ($1)
            """);
        end.Parameters.Add(new() { Value = accounts.Take(OneByOne).ToArray() });
        var launch = Scenarios.LaunchOverHttp(run, run.Target.Web);
        await Load.RunAsync(Spenders, run.Options.Warmup, launch);
        var quiet = await Load.RunAsync(Spenders, run.Options.Seconds, launch);

        var single = await OneByOneAsync(run, accounts);
        end.CommandTimeout = 0;
        var due = await end.ExecuteNonQueryAsync();
        using var over = new CancellationTokenSource();
        var spending = Load.RunUntilAsync(Spenders, launch, over.Token);
        var took = await WaitAsync(source, due);
        await over.CancelAsync();
        var busy = await spending;
        return
        [
            new("refill", took is null ? "NOT REFILLED in time" : $"{due:N0} accounts refilled by the job", 1, took is { } time ? due / time.TotalSeconds : 0,
                took?.TotalMilliseconds ?? 0, took?.TotalMilliseconds ?? 0, took is null ? 1 : 0, null),
            new("refill", "accounts refilled one by one", 1, single.PerSecond, single.Median, single.P99, single.Failed, took is { } whole ? due / whole.TotalSeconds / single.PerSecond : null),
            new("refill", "launches without it", Spenders, quiet.PerSecond, quiet.Median, quiet.P99, quiet.Failed, null),
            new("refill", "launches meanwhile", Spenders, busy.PerSecond, busy.Median, busy.P99, busy.Failed, quiet.PerSecond / busy.PerSecond),
        ];
    }

    private static async Task<LoadResult> OneByOneAsync(BenchRun run, IReadOnlyList<Guid> accounts)
    {
        await using var source = run.Target.Connect(1);
        await using var end = source.CreateCommand("UPDATE user_plans SET current_period_start = now() - interval '1 month', current_period_end = now() - interval '1 second' WHERE user_id = ANY ($1)");
        end.Parameters.Add(new() { Value = accounts.Take(OneByOne).ToArray() });
        await end.ExecuteNonQueryAsync();
        var next = -1;
        using var over = new CancellationTokenSource();
        return await Load.RunUntilAsync(1, async _ =>
        {
            var connection = await source.OpenConnectionAsync();
            var refill = connection.CreateCommand();
            refill.CommandText = "SELECT reset_monthly_credits(now(), NULL, ARRAY[$1])";
            refill.Parameters.Add(new() { Value = Guid.Empty });
            return async () =>
            {
                next++;
                if (next >= OneByOne - 1)
                    await over.CancelAsync();
                refill.Parameters[0].Value = accounts[Math.Min(next, OneByOne - 1)];
                return await refill.ExecuteScalarAsync() is int;
            };
        }, over.Token);
    }

    /// <summary>From the first account refilled to the last: the job comes once a minute, and waiting for it is not counted.</summary>
    private static async Task<TimeSpan?> WaitAsync(NpgsqlDataSource source, int due)
    {
        await using var left = source.CreateCommand($"SELECT count(*)::int FROM {Due}");
        await using var any = source.CreateCommand($"SELECT EXISTS (SELECT FROM {Due})");
        long? first = null;
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Patience;)
        {
            if (first is null && (int)(await left.ExecuteScalarAsync())! < due)
                first = Stopwatch.GetTimestamp();
            if (first is { } since && await any.ExecuteScalarAsync() is false)
                return Stopwatch.GetElapsedTime(since);
            await Task.Delay(250);
        }
        return null;
    }
}
