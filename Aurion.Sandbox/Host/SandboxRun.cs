using System.Diagnostics;
using Aurion.Sandbox.Seed;

namespace Aurion.Sandbox.Host;

/// <summary>One run from start to stop: database, stand-ins, the web's verbs, demo data, the web.</summary>
internal sealed class SandboxRun(SandboxOptions options) : IAsyncDisposable
{
    // Stopped in reverse: the web before what it talks to, the database last.
    private readonly Stack<IAsyncDisposable> running = new();
    private readonly List<ChildProcess> watched = [];

    /// <summary>Runs until it is asked to stop, or until a part of it dies.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await StartAsync(stop);
        var ends = watched.Select(child => child.WaitForExitAsync(CancellationToken.None)).ToList();
        await Task.WhenAny([.. ends, Task.Delay(Timeout.Infinite, stop)]);
        if (!stop.IsCancellationRequested && watched.Find(child => child.HasExited) is { } dead)
            throw WebApp.Died(dead);
    }

    public async ValueTask DisposeAsync()
    {
        while (running.TryPop(out var part))
            await part.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        Begin("its folder and keys");
        var clone = Clone.Find();
        var secrets = await SandboxSecrets.LoadOrCreateAsync(clone.SandboxFolder);
        var home = Keep(SandboxHome.Take(clone, secrets));
        if (options.Fresh)
            File.Delete(home.ClockFile);
        var clock = Keep(SandboxClock.Open(home.ClockFile));
        Begin("PostgreSQL");
        var database = Keep(await SandboxDatabase.StartAsync(home, secrets, options.Fresh, Console.WriteLine, ct));
        Watch(database.Process);

        var addresses = SandboxAddresses.Choose(Keep(new ReservedPorts()));
        Begin("the providers' stand-ins");
        var standIns = Keep(await StandIns.StartAsync(addresses, secrets, database, clock, options.Clerk, ct));

        var settings = WebSettings.Create(addresses, secrets, database, clock, options.Clerk);
        // Named by its port, as the log is: a second sandbox of this clone has settings of its own.
        var port = new Uri(addresses.Web).Port;
        var environment = Path.Combine(clone.SandboxFolder, $"web-{port}.env");
        WebSettings.WriteFile(environment, settings);
        var web = new WebApp(clone, settings);
        Begin("Aurion.Web migrate");
        await web.RunVerbAsync("migrate", ct);
        Begin("Aurion.Web billing setup");
        await web.RunVerbAsync("billing setup", ct);
        Begin("the demo accounts and their year");
        var accounts = await SeedAsync(standIns, addresses, secrets, database, clock, ct);
        foreach (var (account, _) in DemoAccounts.Told)
            standIns.Clerk.Add(account, secrets.DemoPassword);

        var log = Path.Combine(clone.SandboxFolder, $"web-{port}.log");
        Begin("Aurion.Web");
        if (!options.NoWeb)
            Watch(Keep(await web.StartAsync(addresses.Web, log, ct)));

        if (options.StateFile is { } file)
        {
            SandboxState.Create(addresses, secrets, database, accounts).WriteTo(file);
            File.Delete(StepFile(file));
        }
        Banner.Print(addresses, secrets, options.NoWeb, Path.GetRelativePath(clone.Root, options.NoWeb ? environment : log), watch.Elapsed);
    }

    private static async Task<IReadOnlyList<SandboxAccount>> SeedAsync(
        StandIns standIns, SandboxAddresses addresses, SandboxSecrets secrets, SandboxDatabase database, SandboxClock clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var demo = DemoAccounts.Create(now);
        var data = new DemoData(database.Owner, clock);
        if (!await data.IsSeededAsync(ct))
        {
            IReadOnlyList<DemoPerson> people = [.. demo, .. DemoPeople.Create(now)];
            await data.SeedAsync(secrets.DemoPassword, people, await new StripeHistory(standIns.Stripe, database.Owner).LiveAsync(people, now, ct), ct);
        }
        return await new DemoTokens(database.Owner, addresses.Web, secrets, clock).IssueAsync(demo.Select(person => person.Email), ct);
    }

    /// <summary>Beside the state file: what the start waits for, for whoever waits for the state.</summary>
    private void Begin(string step)
    {
        if (options.StateFile is { } file)
            File.WriteAllText(StepFile(file), step);
    }

    private static string StepFile(string stateFile) => stateFile + ".waits-for";

    private T Keep<T>(T part)
        where T : notnull
    {
        running.Push(part as IAsyncDisposable ?? new Synchronous((IDisposable)part));
        return part;
    }

    private void Watch(ChildProcess? child)
    {
        if (child is not null)
            watched.Add(child);
    }

    private sealed class Synchronous(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
