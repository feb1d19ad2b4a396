using System.Text.Json;
using Aurion.Bench;

return await BenchOptions.Command(RunAsync).Parse(args).InvokeAsync();

static async Task RunAsync(BenchOptions options)
{
    var target = await BenchTarget.ReadAsync(options.State);
    var accounts = await BenchAccounts.PrepareAsync(target, options.Accounts);
    var rows = new List<BenchRow>();
    var wanted = Scenarios.All.Where(s => options.Only.Count == 0 || options.Only.Contains(s.Name)).ToList();
    using var web = WebProcess.Find(target);
    await using var peer = wanted.Exists(s => Scenarios.OfPeer.Contains(s.Name)) ? await Peer.StartAsync(target) : null;
    await using var next = peer is not null && wanted.Exists(s => Scenarios.OfNext.Contains(s.Name)) ? await Peer.StartNextAsync(target) : null;
    foreach (var scenario in wanted)
    {
        Console.Error.WriteLine($"{scenario.Name}: {options.Runs} × {options.Seconds} s");
        rows.AddRange(await scenario.RunAsync(new BenchRun(target, accounts, options, web, peer, next)));
    }

    BenchReport.Print(rows);
    if (web is not null)
        Console.WriteLine(WebProcess.Memory(web));
    if (options.Json is { } file)
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, BenchReport.Json));
}
