namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>A job and how often it runs even when nobody wakes it.</summary>
public sealed record RecurringJob(Type Type, TimeSpan Every, string Cron, bool AtStart)
{
    public string Name => Type.Name;

    /// <summary>A queue of its own, so that a pending wake-up is seen and not doubled.</summary>
    public string Queue => Name.ToLowerInvariant();

    public static RecurringJob EveryMinute<TJob>() where TJob : class, IJob => new(typeof(TJob), TimeSpan.FromMinutes(1), "* * * * *", AtStart: true);

    public static RecurringJob EveryHour<TJob>() where TJob : class, IJob => new(typeof(TJob), TimeSpan.FromHours(1), "7 * * * *", AtStart: true);

    /// <summary>At night, and not at each start: for what reads much.</summary>
    public static RecurringJob EveryDay<TJob>() where TJob : class, IJob => new(typeof(TJob), TimeSpan.FromDays(1), "0 3 * * *", AtStart: false);
}
