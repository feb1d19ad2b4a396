using Hangfire;

namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>
/// What Hangfire runs. Runs of one job follow each other in a process, and may overlap on two nodes: each job re-reads the truth.
/// A run that throws is tried again soon, and anyhow at the job's interval.
/// </summary>
internal sealed class JobRun<TJob>(IServiceScopeFactory scopes, JobTurns turns, JobFailures failures) where TJob : class, IJob
{
    [AutomaticRetry(Attempts = 2, DelaysInSeconds = [5, 30], LogEvents = false, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    public async Task RunAsync(CancellationToken ct)
    {
        if (!turns.TryBegin(typeof(TJob)))
            return;
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<TJob>().RunAsync(ct);
                await failures.ClearRunAsync(typeof(TJob), ct);
            }
            catch (Exception fault)
            {
                turns.Abandon(typeof(TJob));
                if (!ct.IsCancellationRequested)
                    await failures.ReportRunAsync(typeof(TJob), fault);
                throw;
            }
        }
        while (!turns.TryEnd(typeof(TJob)));
    }
}
