using System.Diagnostics;
using System.Net;
using System.Text;
using Npgsql;

namespace Aurion.Bench;

/// <summary>What one scenario has to work with; no peers where Node is missing.</summary>
internal sealed record BenchRun(BenchTarget Target, BenchAccounts Accounts, BenchOptions Options, Process? Web, Peer? Peer, Peer? Next);

/// <summary>A line of the table: the median of the runs, and how many times this rate the first side of the scenario reached.</summary>
internal sealed record BenchRow(string Scenario, string Side, int Connections, double PerSecond, double Median, double P99, int Failed, double? Ratio, double? CpuMicroseconds = null);

internal sealed record Scenario(string Name, Func<BenchRun, Task<IReadOnlyList<BenchRow>>> RunAsync);

/// <summary>One way of doing the work of a scenario; a call may do it several times over.</summary>
internal sealed record Side(string Name, Func<int, Task<Func<Task<bool>>>> Connect, Process? Server = null, int PerCall = 1, int? Connections = null);

internal static class Scenarios
{
    private const int Group = 64;

    // As many people as one client can serve under the limit of 20 a minute, so that each comes again while the web still knows the token.
    private const int Regulars = 3000;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("launch", run => LaunchAsync("launch", run, run.Options.Connections)),
        new("single", run => LaunchAsync("single", run with { Accounts = run.Accounts.Take(Regulars) }, 1)),
        new("hot", run => CompareAsync("hot", run, run.Options.Connections,
            new($"SQL, {Group} together as the lane does", LaunchOnOneAccount(run, Group), PerCall: Group, Connections: 1),
            new("SQL, one commit each", LaunchOnOneAccount(run, 1)))),
        new("catalogue", run => PageAsync("catalogue", "/tools", run)),
        new("dashboard", run => PageAsync("dashboard", "/dashboard", run)),
        new("visitor", run => CompareAsync("visitor", run, run.Options.Connections,
            new("HTTP", Visitor(run.Target.Web, "/tools"), run.Web),
            run.Peer is { } peer ? new("Express and EJS", Visitor(peer.Address, "/tools"), peer.Node) : null,
            run.Next is { } next ? new("Next.js", Visitor(next.Address, "/tools"), next.Node) : null)),
        new("landing", run => CompareAsync("landing", run, run.Options.Connections, new Side("HTTP", Visitor(run.Target.Web, "/"), run.Web))),
        new("pricing", run => CompareAsync("pricing", run, run.Options.Connections, new Side("HTTP", Visitor(run.Target.Web, "/pricing"), run.Web))),
        new("webhook", run => CompareAsync("webhook", run, run.Options.Connections, new Side("HTTP", Webhook(run), run.Web))),
        new("storm", Storm.RunAsync),
        new("refill", Refill.RunAsync),
        new("meter", run => CompareAsync("meter", run, 1,
            new($"SQL, {Group} launches together", LaunchMany(run), PerCall: Group),
            new($"SQL, {Group} holds together", Hold(run, settles: false), PerCall: Group),
            new($"SQL, {Group} holds and their settlements together", Hold(run, settles: true), PerCall: Group))),
        new("stream", Streams.RunAsync),
        new("soak", Streams.SoakAsync),
        new("growth", Growth.RunAsync),
    ];

    public static IReadOnlyCollection<string> OfNext { get; } = ["catalogue", "dashboard", "visitor"];

    public static IReadOnlyCollection<string> OfPeer { get; } = ["launch", "single", .. OfNext];

    private static Task<IReadOnlyList<BenchRow>> LaunchAsync(string scenario, BenchRun run, int connections) => CompareAsync(scenario, run, connections,
        new("HTTP", LaunchOverHttp(run, run.Target.Web), run.Web), new("SQL, one commit each", LaunchInSql(run)),
        run.Peer is { } peer ? new("Node, seven queries each", LaunchOverHttp(run, peer.Address), peer.Node) : null);

    private static Task<IReadOnlyList<BenchRow>> PageAsync(string scenario, string path, BenchRun run) => CompareAsync(scenario, run, run.Options.Connections,
        new("HTTP", SignedIn(run, run.Target.Web, path), run.Web),
        run.Peer is { } peer ? new("Express and EJS", SignedIn(run, peer.Address, path), peer.Node) : null,
        run.Next is { } next ? new("Next.js", SignedIn(run, next.Address, path), next.Node) : null);

    /// <summary>The sides take turns, so that whatever the machine does meanwhile meets all of them.</summary>
    internal static async Task<IReadOnlyList<BenchRow>> CompareAsync(string scenario, BenchRun run, int connections, params Side?[] sides)
    {
        var taking = sides.OfType<Side>().Select(side => (Side: side, Connect: Kept(side.Connect), Connections: side.Connections ?? connections, Results: new List<LoadResult>())).ToList();
        foreach (var turn in taking)
            await Load.RunAsync(turn.Connections, run.Options.Warmup, turn.Connect);
        for (var i = 0; i < run.Options.Runs; i++)
            foreach (var turn in taking)
            {
                var before = turn.Side.Server.Cpu();
                var result = await Load.RunAsync(turn.Connections, run.Options.Seconds, turn.Connect);
                turn.Results.Add(result with { CpuMicroseconds = (turn.Side.Server.Cpu() - before)?.TotalMicroseconds / result.Count });
            }
        var first = Median(taking[0].Results, r => r.PerSecond) * taking[0].Side.PerCall;
        return [.. taking.Select((turn, place) => Row(scenario, turn.Side, turn.Connections, turn.Results, place == 0 ? null : first))];
    }

    // Connections are opened once and used by every run of a scenario.
    private static Func<int, Task<Func<Task<bool>>>> Kept(Func<int, Task<Func<Task<bool>>>> connect)
    {
        var opened = new Dictionary<int, Func<Task<bool>>>();
        return async place => opened.TryGetValue(place, out var sender) ? sender : opened[place] = await connect(place);
    }

    private static BenchRow Row(string scenario, Side side, int connections, List<LoadResult> runs, double? first)
    {
        var rate = Median(runs, r => r.PerSecond) * side.PerCall;
        return new(scenario, side.Name, connections, rate, Median(runs, r => r.Median), Median(runs, r => r.P99), runs.Sum(r => r.Failed), first / rate,
            runs.Exists(r => r.CpuMicroseconds is null) ? null : Median(runs, r => r.CpuMicroseconds!.Value));
    }

    private static double Median(List<LoadResult> runs, Func<LoadResult, double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);

    private static readonly string[] Tools = ["text-editor", "code-editor", "content-generator", "ai-agents", "app-builder", "website-builder"];

    // Every launch is a new session that is paid for. Each person opens a tool and comes again, for the next tool, when all others had theirs:
    // nobody meets the limit of 20 a minute.
    internal static Func<int, Task<Func<Task<bool>>>> LaunchOverHttp(BenchRun run, Uri server)
    {
        var requests = Tools.SelectMany(tool => run.Accounts.Tokens.Select(token => HttpConnection.Request(
            "POST", server, "/api/validate-tool-access", Encoding.UTF8.GetBytes($$"""{"toolId":"{{tool}}","newSession":true}"""),
            ("Authorization", "Bearer " + token)))).ToArray();
        var next = 0;
        return async _ =>
        {
            var connection = new HttpConnection(server);
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
                command.Parameters[1].Value = $"launch:{id}";
                command.Parameters[2].Value = id;
                return (string?)await command.ExecuteScalarAsync() == "LAUNCHED";
            };
        };
    }

    // The rate limit lets nobody launch like this over HTTP, so both sides speak to the database: many commits in turn for one row, or one for all.
    private static Func<int, Task<Func<Task<bool>>>> LaunchOnOneAccount(BenchRun run, int together)
    {
        var source = run.Target.Connect(run.Options.Connections);
        return async _ =>
        {
            var connection = await source.OpenConnectionAsync();
            var command = connection.CreateCommand();
            command.CommandText = """
                SELECT count(*) = cardinality($2) FROM consume_user_credits(array_fill($1, ARRAY[cardinality($2)]), array_fill('text-editor'::text, ARRAY[cardinality($2)]),
                       $2, $3, array_fill(true, ARRAY[cardinality($2)]), array_fill(now(), ARRAY[cardinality($2)]), now()) WHERE outcome = 'LAUNCHED'
                """;
            command.Parameters.Add(new() { Value = run.Accounts.Ids[0] });
            command.Parameters.Add(new() { Value = Array.Empty<string>() });
            command.Parameters.Add(new() { Value = Array.Empty<Guid>() });
            return async () =>
            {
                var sessions = Enumerable.Range(0, together).Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).ToArray();
                command.Parameters[1].Value = Array.ConvertAll(sessions, session => $"launch:{session}");
                command.Parameters[2].Value = sessions;
                // Whoever finds the account held by another connection asks again, as the lane does.
                while (await command.ExecuteScalarAsync() is not true)
                {
                }
                return true;
            };
        };
    }

    // As the web sends them: one statement for those who arrived together, each of another person.
    private static Func<int, Task<Func<Task<bool>>>> LaunchMany(BenchRun run)
    {
        var source = run.Target.Connect(1);
        return async _ =>
        {
            var connection = await source.OpenConnectionAsync();
            var command = connection.CreateCommand();
            command.CommandText = """
                SELECT count(*) = cardinality($1) FROM consume_user_credits($1, array_fill('text-editor'::text, ARRAY[cardinality($1)]),
                       $2, $3, array_fill(true, ARRAY[cardinality($1)]), array_fill(now(), ARRAY[cardinality($1)]), now()) WHERE outcome = 'LAUNCHED'
                """;
            command.Parameters.Add(new() { Value = Array.Empty<Guid>() });
            command.Parameters.Add(new() { Value = Array.Empty<string>() });
            command.Parameters.Add(new() { Value = Array.Empty<Guid>() });
            var turn = 0;
            return async () =>
            {
                var sessions = NewIds();
                command.Parameters[0].Value = Together(run, turn++);
                command.Parameters[1].Value = Array.ConvertAll(sessions, session => $"launch:{session}");
                command.Parameters[2].Value = sessions;
                return await command.ExecuteScalarAsync() is true;
            };
        };
    }

    // A hold before the provider is called, a settlement after it: two statements and two commits for those who run together.
    private static Func<int, Task<Func<Task<bool>>>> Hold(BenchRun run, bool settles)
    {
        var source = run.Target.Connect(1);
        return async _ =>
        {
            var connection = await source.OpenConnectionAsync();
            var (hold, settle) = (connection.CreateCommand(), connection.CreateCommand());
            hold.CommandText = $"""
                SELECT count(*) = {Group} FROM hold_credits($1, $2, array_fill('ai-chat'::text, ARRAY[{Group}]), array_fill('{Streams.Model}'::text, ARRAY[{Group}]), array_fill(1, ARRAY[{Group}]),
                       array_fill(100, ARRAY[{Group}]), array_fill(1000, ARRAY[{Group}]), array_fill(now(), ARRAY[{Group}]), now() + interval '1 day') WHERE outcome = 'HELD'
                """;
            settle.CommandText = $"""
                SELECT count(*) = {Group} FROM close_holds($1, $2, array_fill(1, ARRAY[{Group}]), array_fill(100, ARRAY[{Group}]), array_fill(50, ARRAY[{Group}]),
                       array_fill(60::bigint, ARRAY[{Group}]), array_fill('gen'::text, ARRAY[{Group}]), array_fill(NULL::text, ARRAY[{Group}])) WHERE outcome = 'SETTLED'
                """;
            foreach (var command in (NpgsqlCommand[])[hold, settle])
            {
                command.Parameters.Add(new() { Value = Array.Empty<Guid>() });
                command.Parameters.Add(new() { Value = Array.Empty<Guid>() });
            }
            var turn = 0;
            return async () =>
            {
                hold.Parameters[0].Value = settle.Parameters[0].Value = Together(run, turn++);
                hold.Parameters[1].Value = settle.Parameters[1].Value = NewIds();
                return await hold.ExecuteScalarAsync() is true && (!settles || await settle.ExecuteScalarAsync() is true);
            };
        };
    }

    private static Guid[] Together(BenchRun run, int turn) => [.. Enumerable.Range(turn * Group, Group).Select(i => run.Accounts.Ids[i % run.Accounts.Ids.Count])];

    private static Guid[] NewIds() => [.. Enumerable.Range(0, Group).Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()))];

    internal static Func<int, Task<Func<Task<bool>>>> SignedIn(BenchRun run, Uri server, string path) => SignedIn(server, [.. run.Accounts.Tokens.Select(token => (token, path))]);

    /// <summary>Signed in, each time as the next person: the page with its database read.</summary>
    internal static Func<int, Task<Func<Task<bool>>>> SignedIn(Uri server, IReadOnlyList<(string Token, string Path)> visits)
    {
        var requests = visits.Select(visit => HttpConnection.Request("GET", server, visit.Path, [], ("Cookie", "aurion=" + visit.Token))).ToArray();
        var next = 0;
        return async _ =>
        {
            var connection = new HttpConnection(server);
            await connection.ConnectAsync();
            return async () => await connection.SendAsync(requests[(uint)Interlocked.Increment(ref next) % requests.Length]) == 200;
        };
    }

    // A stranger may ask 300 times a minute, so each address of loopback (Linux has 16 million) asks 200 times and the next takes its place.
    private static Func<int, Task<Func<Task<bool>>>> Visitor(Uri server, string path)
    {
        var request = HttpConnection.Request("GET", server, path, []);
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
                    connection = new HttpConnection(server, new IPAddress([127, (byte)(visitor >> 16), (byte)(visitor >> 8), (byte)visitor]));
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
