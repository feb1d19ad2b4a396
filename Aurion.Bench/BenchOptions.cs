using System.CommandLine;
using System.Globalization;

namespace Aurion.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions(string State, int Accounts, int Connections, int Seconds, int Warmup, int Runs, int Refills, string? Json, IReadOnlyCollection<string> Only)
{
    /// <summary>The command line; an unknown option or scenario is refused with the list.</summary>
    public static RootCommand Command(Func<BenchOptions, Task> run)
    {
        var state = new Option<string>("--state") { HelpName = "FILE", Required = true, Description = "written by the sandbox" };
        var accounts = Number("--accounts", 60_000, "accounts to create for the load");
        var connections = Number("--connections", 64, "connections at the same time");
        var seconds = Number("--seconds", 5, "length of one run");
        var warmup = Number("--warmup", 10, "seconds before each scenario that are not counted, while the server's code is being compiled");
        var runs = Number("--runs", 3, "paired runs of each scenario; the table shows medians");
        var refills = Number("--refills", 100_000, "accounts of the scenario refill");
        var only = new Option<string[]>("--only") { HelpName = "NAME", Description = "one scenario; may be repeated" };
        only.AcceptOnlyFromAmong([.. Scenarios.All.Select(scenario => scenario.Name)]);
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "the same figures as JSON" };
        var command = new RootCommand("Measures a running sandbox (`dotnet run --project Aurion.Sandbox -- --fresh --state state.json`), both sides in turn on the same machine.")
        {
            state, accounts, connections, seconds, warmup, runs, refills, only, json,
        };
        command.SetAction(given => run(new BenchOptions(
            given.GetRequiredValue(state), given.GetValue(accounts), given.GetValue(connections), given.GetValue(seconds), given.GetValue(warmup),
            given.GetValue(runs), given.GetValue(refills), given.GetValue(json), given.GetValue(only) ?? [])));
        return command;
    }

    private static Option<int> Number(string name, int otherwise, string description)
    {
        var option = new Option<int>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) || number < 0))
                given.AddError($"{name} is a number from 0 on.");
        });
        return option;
    }
}
