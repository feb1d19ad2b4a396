using System.Text.Json;
using Aurion.Bench;

if (BenchOptions.Parse(args) is not { } options)
    return 2;

var target = await BenchTarget.ReadAsync(options.State);
var accounts = await BenchAccounts.PrepareAsync(target, options.Accounts);
var rows = new List<BenchRow>();
foreach (var scenario in Scenarios.All.Where(s => options.Only.Count == 0 || options.Only.Contains(s.Name)))
{
    Console.Error.WriteLine($"{scenario.Name}: {options.Runs} × {options.Seconds} s");
    rows.AddRange(await scenario.RunAsync(new BenchRun(target, accounts, options)));
}

BenchReport.Print(rows);
Console.WriteLine(WebMemory.Describe(target));
if (options.Json is { } file)
    await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, BenchReport.Json));
return 0;
