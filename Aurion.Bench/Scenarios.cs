using System.Net;
using System.Text;

namespace Aurion.Bench;

/// <summary>What one scenario has to work with.</summary>
internal sealed record BenchRun(BenchTarget Target, BenchAccounts Accounts, BenchOptions Options);

/// <summary>A line of the table: the median of the runs, and what it is a ratio of.</summary>
internal sealed record BenchRow(string Scenario, string Side, int Connections, double PerSecond, double Median, double P99, int Failed, double? Ratio);

internal sealed record Scenario(string Name, Func<BenchRun, Task<IReadOnlyList<BenchRow>>> RunAsync);

internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("launch", run => PairAsync("launch", run, run.Options.Connections, "HTTP", LaunchOverHttp(run), "SQL, one commit each", LaunchInSql(run))),
        new("single", run => PairAsync("single", run, 1, "HTTP", LaunchOverHttp(run), "SQL, one commit each", LaunchInSql(run))),
        new("catalogue", async run => await AloneAsync("catalogue", run, "HTTP", SignedIn(run, "/tools"))),
        new("dashboard", async run => await AloneAsync("dashboard", run, "HTTP", SignedIn(run, "/dashboard"))),
        new("landing", async run => await AloneAsync("landing", run, "HTTP", Visitor(run, "/"))),
        new("pricing", async run => await AloneAsync("pricing", run, "HTTP", Visitor(run, "/pricing"))),
        new("webhook", async run => await AloneAsync("webhook", run, "HTTP", Webhook(run))),
        new("storm", Storm.RunAsync),
        new("refill", Refill.RunAsync),
    ];

    private static async Task<IReadOnlyList<BenchRow>> PairAsync(string scenario, BenchRun run, int connections,
        string firstSide, Func<int, Task<Func<Task<bool>>>> first, string secondSide, Func<int, Task<Func<Task<bool>>>> second)
    {
        (first, second) = (Kept(first), Kept(second));
        var (ours, theirs) = (new List<LoadResult>(), new List<LoadResult>());
        await Load.RunAsync(connections, run.Options.Warmup, first);
        await Load.RunAsync(connections, 1, second);
        for (var i = 0; i < run.Options.Runs; i++)
        {
            ours.Add(await Load.RunAsync(connections, run.Options.Seconds, first));
            theirs.Add(await Load.RunAsync(connections, run.Options.Seconds, second));
        }
        var ratio = Median(ours, r => r.PerSecond) / Median(theirs, r => r.PerSecond);
        return [Row(scenario, firstSide, connections, ours, ratio), Row(scenario, secondSide, connections, theirs, null)];
    }

    private static async Task<IReadOnlyList<BenchRow>> AloneAsync(string scenario, BenchRun run, string side, Func<int, Task<Func<Task<bool>>>> connect)
    {
        connect = Kept(connect);
        var results = new List<LoadResult>();
        await Load.RunAsync(run.Options.Connections, run.Options.Warmup, connect);
        for (var i = 0; i < run.Options.Runs; i++)
            results.Add(await Load.RunAsync(run.Options.Connections, run.Options.Seconds, connect));
        return [Row(scenario, side, run.Options.Connections, results, null)];
    }

    // Connections are opened once and used by every run of a scenario.
    private static Func<int, Task<Func<Task<bool>>>> Kept(Func<int, Task<Func<Task<bool>>>> connect)
    {
        var opened = new Dictionary<int, Func<Task<bool>>>();
        return async place => opened.TryGetValue(place, out var sender) ? sender : opened[place] = await connect(place);
    }

    private static BenchRow Row(string scenario, string side, int connections, List<LoadResult> runs, double? ratio) => new(
        scenario, side, connections, Median(runs, r => r.PerSecond), Median(runs, r => r.Median), Median(runs, r => r.P99), runs.Sum(r => r.Failed), ratio);

    private static double Median(List<LoadResult> runs, Func<LoadResult, double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);

    private static readonly string[] Tools = ["text-editor", "code-editor", "content-generator", "ai-agents", "app-builder", "website-builder"];

    // Every launch is a new session that is paid for. Each person opens a tool and comes again, for the next tool, when all others had theirs:
    // nobody meets the limit of 20 a minute.
    internal static Func<int, Task<Func<Task<bool>>>> LaunchOverHttp(BenchRun run)
    {
        var requests = Tools.SelectMany(tool => run.Accounts.Tokens.Select(token => HttpConnection.Request(
            "POST", run.Target.Web, "/api/validate-tool-access", Encoding.UTF8.GetBytes($$"""{"toolId":"{{tool}}","newSession":true}"""),
            ("Authorization", "Bearer " + token)))).ToArray();
        var next = 0;
        return async _ =>
        {
            var connection = new HttpConnection(run.Target.Web);
            await connection.ConnectAsync();
            return async () => await connection.SendAsync(requests[(uint)Interlocked.Increment(ref next) % requests.Length]) == 200;
        };
    }

    private static Func<int, Task<Func<Task<bool>>>> LaunchInSql(BenchRun run)
    {
        var source = run.Target.Connect(run.Options.Connections);
        var next = 0;
        return async _ =>
        {
            var connection = await source.OpenConnectionAsync();
            var command = connection.CreateCommand();
            command.CommandText = "SELECT outcome FROM consume_user_credits(ARRAY[$1], ARRAY[$4], ARRAY[$2], ARRAY[$3], ARRAY[true], ARRAY[now()], now())";
            command.Parameters.Add(new() { Value = Guid.Empty });
            command.Parameters.Add(new() { Value = "" });
            command.Parameters.Add(new() { Value = Guid.Empty });
            command.Parameters.Add(new() { Value = "" });
            return async () =>
            {
                var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
                var turn = (int)((uint)Interlocked.Increment(ref next) % (run.Accounts.Ids.Count * Tools.Length));
                command.Parameters[0].Value = run.Accounts.Ids[turn % run.Accounts.Ids.Count];
                command.Parameters[3].Value = Tools[turn / run.Accounts.Ids.Count];
                command.Parameters[1].Value = id.ToString();
                command.Parameters[2].Value = id;
                return (string?)await command.ExecuteScalarAsync() == "LAUNCHED";
            };
        };
    }

    // Signed in, each time as another person: the page with its database read.
    private static Func<int, Task<Func<Task<bool>>>> SignedIn(BenchRun run, string path)
    {
        var requests = run.Accounts.Tokens.Select(token => HttpConnection.Request(
            "GET", run.Target.Web, path, [], ("Cookie", "__Host-aurion=" + token))).ToArray();
        var next = 0;
        return async _ =>
        {
            var connection = new HttpConnection(run.Target.Web);
            await connection.ConnectAsync();
            return async () => await connection.SendAsync(requests[(uint)Interlocked.Increment(ref next) % requests.Length]) == 200;
        };
    }

    // A stranger may ask 300 times a minute, so each address of loopback (Linux has 16 million) asks 200 times and the next takes its place.
    private static Func<int, Task<Func<Task<bool>>>> Visitor(BenchRun run, string path)
    {
        var request = HttpConnection.Request("GET", run.Target.Web, path, []);
        var visitors = Random.Shared.Next();
        return _ =>
        {
            HttpConnection? connection = null;
            var asked = 0;
            return Task.FromResult<Func<Task<bool>>>(async () =>
            {
                if (asked++ % 200 == 0)
                {
                    if (connection is not null)
                        await connection.DisposeAsync();
                    var visitor = Interlocked.Increment(ref visitors);
                    connection = new HttpConnection(run.Target.Web, new IPAddress([127, (byte)(visitor >> 16), (byte)(visitor >> 8), (byte)visitor]));
                    await connection.ConnectAsync();
                }
                return await connection!.SendAsync(request) == 200;
            });
        };
    }

    // Signed events about objects that Stripe does not know: what is measured is verify, store, answer.
    private static Func<int, Task<Func<Task<bool>>>> Webhook(BenchRun run)
    {
        return async _ =>
        {
            var connection = new HttpConnection(run.Target.Web);
            await connection.ConnectAsync();
            return async () =>
            {
                var id = "evt_bench_" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
                return await connection.SendAsync(SignedEvent.Delivery(run.Target, id, "product.updated", "product", "prod_bench", null)) == 200;
            };
        };
    }
}
