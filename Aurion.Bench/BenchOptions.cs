using System.Globalization;

namespace Aurion.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions(string State, int Accounts, int Connections, int Seconds, int Warmup, int Runs, string? Json, IReadOnlyCollection<string> Only)
{
    private const string Usage = """
        Measures a running sandbox (`dotnet run --project Aurion.Sandbox -- --fresh --state state.json`), both sides in turn on the same machine.

          --state FILE        written by the sandbox (required)
          --accounts N        accounts to create for the load, default 20000
          --connections N     default 64
          --seconds N         length of one run, default 5
          --warmup N          seconds before each scenario that are not counted, while the server's code is being compiled, default 10
          --runs N            paired runs of each scenario, default 3; the table shows medians
          --only NAME         one scenario; may be repeated: launch, single, hot, catalogue, dashboard,
                              visitor, landing, pricing, webhook, storm, refill
          --json FILE         the same figures as JSON
        """;

    public static BenchOptions? Parse(string[] args)
    {
        var given = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < args.Length; i += 2)
            (given.TryGetValue(args[i], out var values) ? values : given[args[i]] = []).Add(args[i + 1]);

        string[] known = ["--state", "--accounts", "--connections", "--seconds", "--warmup", "--runs", "--json", "--only"];
        if (args.Length % 2 == 1 || given.Keys.Except(known, StringComparer.Ordinal).Any() || !given.TryGetValue("--state", out var state))
        {
            Console.Error.WriteLine(Usage);
            return null;
        }

        int Number(string name, int otherwise) =>
            given.TryGetValue(name, out var values) ? int.Parse(values[^1], CultureInfo.InvariantCulture) : otherwise;
        return new BenchOptions(state[^1], Number("--accounts", 20_000), Number("--connections", 64), Number("--seconds", 5), Number("--warmup", 10),
            Number("--runs", 3), given.TryGetValue("--json", out var json) ? json[^1] : null,
            given.TryGetValue("--only", out var only) ? only : []);
    }
}
