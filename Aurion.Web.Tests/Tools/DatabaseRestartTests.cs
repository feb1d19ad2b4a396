using System.Diagnostics;
using System.Net;
using Aurion.Sandbox.Postgres;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;
using Npgsql;

namespace Aurion.Web.Tests.Tools;

public sealed class DatabaseRestartTests
{
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("a backend is killed, so that PostgreSQL starts over by itself", "kill -9 $(ls -1 /proc | grep -E '^[0-9]+$' | while read p; do grep -qs \"^PPid:.$(head -1 $data/postmaster.pid)$\" /proc/$p/status && grep -qs 'postgres: aurion_web' /proc/$p/cmdline && echo $p; done | head -1)")]
    [InlineData("it is restarted at once", "as_owner pg_ctl restart -w -m immediate -D $data -l /dev/null")]
    [InlineData("its postmaster is killed", "kill -9 $(head -1 $data/postmaster.pid); sleep 1; as_owner pg_ctl start -w -D $data -l /dev/null -o \"$options\"")]
    public async Task Whatever_happens_to_PostgreSQL_nothing_acknowledged_is_lost(string what, string script)
    {
        Assert.NotEmpty(what);
        await using var server = await PostgresServer.StartTemporaryAsync();
        var app = new App(server);
        await app.InitializeAsync();
        try
        {
            await app.ReadyAsync();
            var data = await app.ScalarAsync<string>("SHOW data_directory");
            var spenders = new Spenders(app, person => app.WithToken(person).Http);
            var events = Task.FromResult<IReadOnlyList<string>>([]);
            using var enough = new CancellationTokenSource();
            IReadOnlyList<DateTime> backends = [];

            await spenders.SpendAsync(async () =>
            {
                events = SendEventsAsync(app, enough.Token);
                await Task.Delay(500);
                backends = await BackendsAsync(app);
                await TestPostgres.RunAsync(script, data);
                await using (var stale = new NpgsqlConnection(app.OwnerConnectionString))
                    NpgsqlConnection.ClearPool(stale);
                var watch = Stopwatch.StartNew();
                while ((await app.Anonymous().GetAsync("/health/ready")).StatusCode != HttpStatusCode.OK)
                    Assert.True(watch.Elapsed < HealthyWithin, "Not healthy ten seconds after the database was.");
            });
            await enough.CancelAsync();

            var acknowledged = await events;
            Assert.NotEmpty(acknowledged);
            Assert.Empty(acknowledged.Except(await app.QueryAsync<string>("SELECT id FROM stripe_events"), StringComparer.Ordinal));
            Assert.NotEmpty(backends);
            Assert.Empty(backends.Intersect(await BackendsAsync(app)));
            Assert.Equal(0, spenders.Lost);
            await TestPostgres.RunAsync("as_owner pg_ctl stop -m fast -D $data", data);
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>When the application's connections were opened: none of them outlives a server that started over.</summary>
    private static Task<IReadOnlyList<DateTime>> BackendsAsync(AurionApp app) =>
        app.QueryAsync<DateTime>("SELECT backend_start FROM pg_stat_activity WHERE usename = 'aurion_web'");

    /// <summary>The ids of the events that were acknowledged; anything else must be a 503.</summary>
    private static async Task<IReadOnlyList<string>> SendEventsAsync(AurionApp app, CancellationToken enough)
    {
        var acknowledged = new List<string>();
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var answer = await SignedEvents.SendSignedAsync(app, SignedEvents.Body($"evt_{i}"));
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
            if (answer.StatusCode == HttpStatusCode.OK)
                acknowledged.Add($"evt_{i}");
        }
        return acknowledged;
    }

    private sealed class App(PostgresServer server) : UnlimitedApp
    {
        protected override PostgresServer OwnServer => server;
    }
}
