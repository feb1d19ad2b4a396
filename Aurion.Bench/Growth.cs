using System.Diagnostics;

namespace Aurion.Bench;

/// <summary>Launches and the pages that read the ledger, before and after it has grown by ten million rows of other people.</summary>
internal static class Growth
{
    private const int Rows = 10_000_000;
    private const int RowsAnAccount = 100;
    private const int AccountsAtOnce = 5_000;
    private const int Readers = 8;

    private static readonly (string Name, string Path)[] Pages = [("the dashboard", "/dashboard"), ("the ledger's page", "/credits")];

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchRun run)
    {
        var before = await MeasureAsync(run);
        await GrowAsync(run.Target);
        var after = await MeasureAsync(run);
        return [.. before.Zip(after).SelectMany(pair => (BenchRow[])[pair.First, pair.Second with { Side = pair.Second.Side + $", {Rows:N0} rows later", Ratio = pair.First.PerSecond / pair.Second.PerSecond }])];
    }

    private static async Task<List<BenchRow>> MeasureAsync(BenchRun run)
    {
        var rows = new List<BenchRow>();
        rows.AddRange(await Scenarios.CompareAsync("growth", run, run.Options.Connections, new Side("launches over HTTP", Scenarios.LaunchOverHttp(run, run.Target.Web), run.Web)));
        foreach (var (name, path) in Pages)
            rows.AddRange(await Scenarios.CompareAsync("growth", run, Readers, new Side(name, Scenarios.SignedIn(run, run.Target.Web, path), run.Web)));
        return rows;
    }

    // Straight into the table: what counts is its size. The hashes of these rows are none, which `ledger verify` would say.
    private static async Task GrowAsync(BenchTarget target)
    {
        await using var source = target.Connect(1);
        await using var write = source.CreateCommand("""
            INSERT INTO usage_logs (user_id, seq, created_at, action_type, credits_used, delta, balance_after, operation_id, actor, metadata, buckets, session_id, hash)
            SELECT owner, n, now() - n * interval '1 hour', 'use_tool_text-editor', 5, -5, 100000 - 5 * n, 'launch:' || gen_random_uuid(), 'user', '{}', '{"plan": 5}', gen_random_uuid(), sha256(owner::text::bytea)
              FROM (SELECT gen_random_uuid() AS owner FROM generate_series(1, $1)) AS o CROSS JOIN generate_series(1, $2) AS n
            """);
        write.Parameters.Add(new() { Value = AccountsAtOnce });
        write.Parameters.Add(new() { Value = RowsAnAccount });
        var begun = Stopwatch.GetTimestamp();
        for (var written = 0; written < Rows;)
        {
            written += await write.ExecuteNonQueryAsync();
            Console.Error.WriteLine($"growth: {written:N0} rows after {Stopwatch.GetElapsedTime(begun).TotalSeconds:N0} s");
        }
        foreach (var statement in (string[])["VACUUM ANALYZE usage_logs", "CHECKPOINT"])
        {
            await using var settle = source.CreateCommand(statement);
            await settle.ExecuteNonQueryAsync();
        }
    }
}
