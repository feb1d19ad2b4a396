using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Jobs.Quartz;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using IJob = Aurion.Web.Infrastructure.Jobs.IJob;

namespace Aurion.Web.Tests.Infrastructure.Quartz;

public sealed class QuartzJobTests(QuartzJobTests.App app) : IClassFixture<QuartzJobTests.App>
{
    [Fact]
    public async Task A_storm_of_wake_ups_during_a_run_leaves_exactly_one_more_run()
    {
        var queue = app.Services.GetRequiredService<IJobQueue>();
        await app.Started.WaitAsync(TimeSpan.FromSeconds(20));

        // The first run, at start, is held at its end while everybody calls.
        for (var call = 0; call < 10_000; call++)
            await queue.WakeAsync<SlowJob>();
        await Task.Delay(500);
        Assert.Equal(1, app.Runs);
        app.Gate.Release(100);

        await Eventually(() => app.Runs == 2);
        await Task.Delay(1000);
        Assert.Equal(2, app.Runs);
        Assert.Equal(1, app.MostAtOnce);
    }

    [Fact]
    public async Task A_job_that_throws_is_run_again_at_its_interval()
    {
        await Eventually(() => app.Failures >= 2);
    }

    [Fact]
    public async Task A_job_that_falls_due_by_a_jump_of_the_clock_runs_soon()
    {
        var jumped = new App();
        try
        {
            await jumped.InitializeAsync();
            jumped.Gate.Release(100);
            await Eventually(() => jumped.Runs == 1);

            jumped.Clock.Advance(TimeSpan.FromDays(31));

            await Eventually(() => jumped.Runs == 2);
        }
        finally
        {
            await ((IAsyncLifetime)jumped).DisposeAsync();
        }
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (var waited = 0; !holds(); waited++)
        {
            Assert.True(waited < 200, "It did not happen within 20 seconds.");
            await Task.Delay(100);
        }
    }

    public sealed class App : AurionApp
    {
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
