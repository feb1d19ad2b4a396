namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>Wakes a job now. Nothing may depend on it: every job also runs at its own interval, which heals a lost wake-up.</summary>
public interface IJobQueue
{
    /// <summary>Cheap, and coalesced: any number of calls while one wake-up is pending leave one pending.</summary>
    Task WakeAsync<TJob>(CancellationToken ct = default) where TJob : class, IJob;
}
