using System.Diagnostics;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Tests.Billing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class JobEngineTests(JobEngineTests.App app) : IClassFixture<JobEngineTests.App>
{
    [Fact]
    public async Task A_storm_of_wake_ups_during_a_run_leaves_exactly_one_more_run()
    {
        var queue = app.Services.GetRequiredService<JobQueue>();
        await Eventually.EnteredAsync(app.Started, "the job starts");

        // The first run, at start, is held at its end while everybody calls.
        for (var call = 0; call < 10_000; call++)
            await queue.WakeAsync<SlowJob>();
        await Task.Delay(500);
        Assert.Equal(1, app.Runs);
        app.Gate.Release(100);

        await Eventually.HoldsAsync(() => app.Runs == 2, "it runs once more");
        await Task.Delay(1000);
        Assert.Equal(2, app.Runs);
        Assert.Equal(1, app.MostAtOnce);
    }

    [Fact]
    public async Task A_storm_of_wake_ups_while_no_worker_is_free_leaves_one_entry_in_the_queue()
    {
        await using var idle = await WithoutWorkersApp.StartAsync();
        var queue = idle.Services.GetRequiredService<JobQueue>();

        for (var second = Stopwatch.StartNew(); second.Elapsed < TimeSpan.FromSeconds(1); await Task.Delay(10))
            await queue.WakeAsync<SlowJob>();

        await Eventually.HoldsAsync(async () => await idle.WaitingAsync() == 1, "it waits in the queue");
        await Task.Delay(300);
        Assert.Equal(1, await idle.WaitingAsync());
    }

    [Fact]
    public async Task Wake_ups_that_could_not_be_enqueued_are_enqueued_as_soon_as_they_can_be()
    {
        await using var idle = await WithoutWorkersApp.StartAsync([RecurringJob.EveryHour<SlowJob>(), RecurringJob.EveryHour<FailingJob>()]);
        var queue = idle.Services.GetRequiredService<JobQueue>();
        await Eventually.HoldsAsync(async () => await idle.WaitingAsync() == 2, "both wait in the queue");
        await idle.ExecuteAsync("DELETE FROM jobs.jobqueue; ALTER TABLE jobs.jobqueue RENAME TO away");
        await queue.WakeAsync<SlowJob>();
        await queue.WakeAsync<FailingJob>();
        await Task.Delay(1000);

        await idle.ExecuteAsync("ALTER TABLE jobs.away RENAME TO jobqueue");

        await Eventually.HoldsAsync(async () => await idle.WaitingAsync() == 2, "both wait in the queue again", seconds: 20);
    }

    [Fact]
    public async Task A_job_that_throws_is_run_again_and_the_operator_is_told()
    {
        await Eventually.HoldsAsync(() => app.Failures >= 2, "it fails twice");

        Assert.Contains("InvalidOperationException: This job fails for a test.", await app.ScalarAsync<string>("SELECT error FROM job_failures WHERE job = 'FailingJob'"));
    }

    [Fact]
    public async Task A_job_that_falls_due_by_a_jump_of_the_clock_runs_soon()
    {
        await using var jumped = await App.StartAsync();
        jumped.Gate.Release(100);
        await Eventually.HoldsAsync(() => jumped.Runs == 1, "it runs at the start");

        jumped.Clock.Advance(TimeSpan.FromDays(31));

        await Eventually.HoldsAsync(() => jumped.Runs == 2, $"it runs after the jump, and not {jumped.Runs} times");
    }

    [Fact]
    public async Task A_job_that_does_not_end_keeps_the_site_from_ending_no_longer_than_the_host_waits()
    {
        var stuck = await App.StartAsync();
        await Eventually.EnteredAsync(stuck.Started, "the job starts");
        var watch = Stopwatch.StartNew();

        await ((IAsyncLifetime)stuck).DisposeAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.InRange(watch.Elapsed, App.ShutdownTimeout / 2, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_job_of_a_worker_that_was_killed_is_taken_up_within_a_minute()
    {
        await using var killed = await WithoutWorkersApp.StartAsync();
        await Eventually.HoldsAsync(async () => await killed.WaitingAsync() == 1, "the job waits");
        // What a worker leaves that was killed during the run, and what the scheduler leaves that was killed while it held its lock.
        await killed.ExecuteAsync("""
            UPDATE jobs.jobqueue SET fetchedat = now();
            INSERT INTO jobs.lock (resource, acquired) VALUES ('jobs:recurring-jobs:lock', now()) ON CONFLICT DO NOTHING;
            """);
        var sinceDeath = Stopwatch.StartNew();
        await using var next = await App.StartAsync(killed, [RecurringJob.EveryDay<SlowJob>()]);
        next.Gate.Release(100);
        await next.ReadyAsync();
        var sinceStart = Stopwatch.StartNew();

        await Eventually.HoldsAsync(() => next.Runs >= 1, "another worker runs it");
        Assert.True(sinceDeath.Elapsed > TimeSpan.FromSeconds(5), "It was taken from a worker that might live.");
        Assert.True(sinceStart.Elapsed < TimeSpan.FromMinutes(1), $"It waited for {sinceStart.Elapsed}.");
    }

    [Fact]
    public async Task An_event_that_a_node_without_free_workers_stored_is_applied_by_another_within_a_second()
    {
        await using var receiver = await WithoutWorkersApp.StartAsync(Schedule.Jobs);
        await using var worker = await App.StartAsync(receiver, Schedule.Jobs);
        await worker.ReadyAsync();
        await Eventually.HoldsAsync(async () => await receiver.WaitingAsync() == 0, "the runs at the start are over");
        await Task.Delay(1000);

        // On a busy machine one of them may take longer.
        for (var n = 1; n <= 5; n++)
        {
            var id = $"evt_other_node_{n}";
            var watch = Stopwatch.StartNew();
            await SignedEvents.SendSignedAsync(receiver, SignedEvents.Body(id, "product.created", "product", "prod_1"));
            await Eventually.HoldsAsync(async () => await receiver.ScalarAsync<string>("SELECT state FROM stripe_events WHERE id = @id", new { id }) == "ignored", "it is applied");
            if (watch.Elapsed < TimeSpan.FromSeconds(1))
                return;
        }
        Assert.Fail("None of five was applied within a second.");
    }

    public class App : AurionApp, IAsyncLifetime
    {
        public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

        private readonly IReadOnlyList<RecurringJob>? schedule;
        private readonly bool sharesDatabase;
        private int running;
        private int runs;
        private int failures;

        public App() : this(null, null)
        {
        }

        protected App(AurionApp? first, IReadOnlyList<RecurringJob>? schedule)
        {
            this.schedule = schedule;
            if (first is not null)
                (OwnerConnectionString, sharesDatabase) = (first.OwnerConnectionString, true);
        }

        public SemaphoreSlim Started { get; } = new(0);
        public SemaphoreSlim Gate { get; } = new(0);
        public int Runs => runs;
        public int Failures => failures;
        public int MostAtOnce { get; private set; }

        /// <summary>Beside another app on its database, or alone.</summary>
        public static async Task<App> StartAsync(AurionApp? first = null, IReadOnlyList<RecurringJob>? schedule = null)
        {
            var app = new App(first, schedule);
            await app.InitializeAsync();
            return app;
        }

        public override async Task InitializeAsync()
        {
            if (!sharesDatabase)
                OwnerConnectionString = await TestDatabases.CreateAsync();
            UseKestrel();
            StartServer();
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            if (!sharesDatabase)
                await TestDatabases.DropAsync(OwnerConnectionString);
        }

        public Task<int> WaitingAsync() => ScalarAsync<int>("SELECT count(*)::int FROM jobs.jobqueue");

        public async Task RunAsync()
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref running));
            Interlocked.Increment(ref runs);
            Started.Release();
            await Gate.WaitAsync();
            Interlocked.Decrement(ref running);
        }

        public void Fail() => Interlocked.Increment(ref failures);

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddSingleton(this);
            services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
            services.AddScoped<SlowJob>().AddScoped<FailingJob>();
            services.AddSingleton(schedule ?? [RecurringJob.EveryHour<SlowJob>(), RecurringJob.EveryHour<FailingJob>()]);
        }
    }

    /// <summary>A node that enqueues jobs and runs none.</summary>
    private sealed class WithoutWorkersApp : App
    {
        private WithoutWorkersApp(IReadOnlyList<RecurringJob> schedule) : base(null, schedule)
        {
        }

        public static async Task<WithoutWorkersApp> StartAsync(IReadOnlyList<RecurringJob>? schedule = null)
        {
            var app = new WithoutWorkersApp(schedule ?? [RecurringJob.EveryHour<SlowJob>()]);
            await app.InitializeAsync();
            return app;
        }

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            WithoutWorkers(services);
        }
    }

    public sealed class SlowJob(App app) : IJob
    {
        public Task RunAsync(CancellationToken ct) => app.RunAsync();
    }

    public sealed class FailingJob(App app) : IJob
    {
        public Task RunAsync(CancellationToken ct)
        {
            app.Fail();
            throw new InvalidOperationException("This job fails for a test.");
        }
    }
}
