using System.Diagnostics;
using Npgsql;

namespace Aurion.Bench;

/// <summary>The windows of 100,000 free accounts end at once; the web's own job refills them while launches go on.</summary>
internal static class Refill
{
    private const int Accounts = 100_000;
    private const int Spenders = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchRun run)
    {
        await using var source = run.Target.Connect(4);
        await BenchAccounts.CreateAsync(source, "refill", Accounts);
        await using var end = source.CreateCommand("""
            UPDATE user_plans p SET current_period_start = now() - interval '1 month', current_period_end = now() - interval '1 second'
              FROM profiles u WHERE u.id = p.user_id AND u.email LIKE 'refill-%@bench.aurion.test' AND p.plan_type = 'free'
            """);
        var launch = Scenarios.LaunchOverHttp(run, run.Target.Web);
        await Load.RunAsync(Spenders, run.Options.Warmup, launch);
        var quiet = await Load.RunAsync(Spenders, run.Options.Seconds, launch);

        var due = await end.ExecuteNonQueryAsync();
        using var over = new CancellationTokenSource();
        var spending = Load.RunUntilAsync(Spenders, launch, over.Token);
        var took = await WaitAsync(source);
        await over.CancelAsync();
        var busy = await spending;
        return
        [
            new("refill", took is null ? "NOT REFILLED after 5 min" : "accounts refilled by the job", 1, took is { } time ? due / time.TotalSeconds : 0,
                took?.TotalMilliseconds ?? 0, took?.TotalMilliseconds ?? 0, took is null ? 1 : 0, null),
            new("refill", "launches without it", Spenders, quiet.PerSecond, quiet.Median, quiet.P99, quiet.Failed, null),
            new("refill", "launches meanwhile", Spenders, busy.PerSecond, busy.Median, busy.P99, busy.Failed, quiet.PerSecond / busy.PerSecond),
        ];
    }

    /// <summary>From the first account refilled to the last: the job comes once a minute, and waiting for it is not counted.</summary>
    private static async Task<TimeSpan?> WaitAsync(NpgsqlDataSource source)
    {
        await using var left = source.CreateCommand("""
            SELECT count(*)::int FROM user_plans p JOIN profiles u ON u.id = p.user_id
             WHERE p.current_period_end <= now() AND u.email LIKE 'refill-%@bench.aurion.test'
            """);
        long? first = null;
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Patience;)
        {
            var waiting = (int)(await left.ExecuteScalarAsync())!;
            if (waiting < Accounts)
                first ??= Stopwatch.GetTimestamp();
            if (waiting == 0)
                return Stopwatch.GetElapsedTime(first!.Value);
            await Task.Delay(250);
        }
        return null;
    }
}
