using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Settings;
using Quartz;

namespace Aurion.Web.Infrastructure.Jobs.Quartz;

/// <summary>Quartz with its schedule in PostgreSQL, shared by every node.</summary>
internal static class QuartzRegistration
{
    private const string TablePrefix = JobSchema.Name + ".qrtz_";

    public static void AddQuartzJobs(WebApplicationBuilder builder, IEnumerable<RecurringJob> jobs)
    {
        // A pool of its own: a storm of requests cannot starve the jobs, nor the jobs the requests.
        var connection = builder.Settings<DatabaseOptions>().ConnectionString + ";Application Name=aurion-jobs;Maximum Pool Size=10";
        var development = builder.Environment.IsDevelopment();

        builder.Services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "aurion";
                scheduler.GenerateInstanceId = true;
                // The sandbox moves the clock by months, and the schedule must notice soon.
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(development ? 1 : 15);
            });
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(connection);
                store.UseClustering();
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = TablePrefix;
                    options.DbRetryInterval = TimeSpan.FromSeconds(3);
                    // A jump of the clock makes a wake-up that was on its way a missed one.
                    options.MisfireHandlerFrequency = TimeSpan.FromSeconds(development ? 1 : 60);
                });
            });
            foreach (var job in jobs)
                Add(quartz, job);
        });
        builder.Services.AddSingleton<QuartzJobs>();
        builder.Services.AddSingleton<IJobQueue>(services => services.GetRequiredService<QuartzJobs>());
        builder.Services.AddHostedService(services => services.GetRequiredService<QuartzJobs>());
        builder.Services.AddHealthChecks().AddCheck<QuartzJobs>("jobs");
    }

    public static async Task CreateTablesAsync(string ownerConnectionString, CancellationToken ct)
    {
        await using var factory = QuartzSchedulerBuilder.Create(quartz => quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(ownerConnectionString + ";Pooling=false");
            store.ConfigureStore(options => options.TablePrefix = TablePrefix);
            store.ProvisionSchema();
        })).Build();
        // The store makes its tables when the scheduler is built; it is never started.
        await factory.GetScheduler(ct);
    }

    internal static void Add(IQuartzBuilder quartz, RecurringJob job)
    {
        quartz.AddJob(typeof(QuartzJob<>).MakeGenericType(job.Type), options => options
            .WithIdentity(job.Name).StoreDurably().RequestRecovery());
        quartz.AddTrigger(options => options
            .WithIdentity(job.Name).ForJob(job.Name).StartNow()
            .WithSimpleSchedule(schedule => schedule.WithInterval(job.Every).RepeatForever()
                // Whoever missed its time runs once, now, and not only at the next one.
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount)));
    }
}
