using System.Diagnostics;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Jobs.Quartz;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;
using IJob = Aurion.Web.Infrastructure.Jobs.IJob;

namespace Aurion.Web.Tests.Infrastructure.Quartz;

public sealed class QuartzJobTests(QuartzJobTests.App app) : IClassFixture<QuartzJobTests.App>
{
    [Fact]
    public async Task A_storm_of_wake_ups_during_a_run_leaves_exactly_one_more_run()
    {
        var queue = app.Services.GetRequiredService<IJobQueue>();
        await Eventually.EnteredAsync(app.Started, "the job starts");

        // The first run, at start, is held at its end while everybody calls.
        for (var call = 0; call < 10_000; call++)
            await queue.WakeAsync<SlowJob>();
        await Task.Delay(500);
        Assert.Equal(1, app.Runs);
        app.Gate.Release(100);

        await Eventually.HoldsAsync(() => app.Runs == 2, "it runs once more", seconds: 20);
        await Task.Delay(1000);
        Assert.Equal(2, app.Runs);
        Assert.Equal(1, app.MostAtOnce);
    }

    [Fact]
    public async Task A_job_that_throws_is_run_again_at_its_interval()
    {
        await Eventually.HoldsAsync(() => app.Failures >= 2, "it fails twice", seconds: 20);
    }

    [Fact]
    public async Task A_job_that_falls_due_by_a_jump_of_the_clock_runs_soon()
    {
        var jumped = new App();
        try
        {
            await jumped.InitializeAsync();
            jumped.Gate.Release(100);
            await Eventually.HoldsAsync(() => jumped.Runs == 1, "it runs at the start", seconds: 20);

            jumped.Clock.Advance(TimeSpan.FromDays(31));

            await Eventually.HoldsAsync(() => jumped.Runs == 2, "it runs after the jump", seconds: 20);
        }
        finally
        {
            await ((IAsyncLifetime)jumped).DisposeAsync();
        }
    }

    [Fact]
    public async Task A_job_that_does_not_end_keeps_the_site_from_ending_no_longer_than_the_host_waits()
    {
        var stuck = new App();
        await stuck.InitializeAsync();
        await Eventually.EnteredAsync(stuck.Started, "the job starts");
        var watch = Stopwatch.StartNew();

        await ((IAsyncLifetime)stuck).DisposeAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.InRange(watch.Elapsed, App.ShutdownTimeout, TimeSpan.FromSeconds(10));
    }

    public sealed class App : AurionApp
    {
        public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

        private int running;
        private int runs;
        private int failures;

        public SemaphoreSlim Started { get; } = new(0);
        public SemaphoreSlim Gate { get; } = new(0);
        public int Runs => runs;
        public int Failures => failures;
        public int MostAtOnce { get; private set; }

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
            services.AddQuartz(quartz =>
            {
                QuartzRegistration.Add(quartz, new RecurringJob(typeof(SlowJob), TimeSpan.FromHours(1)));
                QuartzRegistration.Add(quartz, new RecurringJob(typeof(FailingJob), TimeSpan.FromSeconds(1)));
            });
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
