using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>
/// Counts by bucket and caller. The framework's own partitions look at every caller of the last minute ten times a second;
/// here they are gone through once a minute.
/// </summary>
public sealed class MinuteLimiter(Func<HttpContext, MinuteLimiter.Share> share, TimeProvider clock) : PartitionedRateLimiter<HttpContext>
{
    private static readonly Lease Granted = new(TimeSpan.Zero);

    private readonly ConcurrentDictionary<(string Bucket, string Caller), SlidingMinute> counters = new();
    private long swept;

    /// <summary>How often a caller may come to a bucket in any minute.</summary>
    public readonly record struct Share(string Bucket, string Caller, int Permits);

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) => Take(share(resource));

    /// <summary>Counts one call of the share, or says how long to wait.</summary>
    public RateLimitLease Take(Share asked)
    {
        var (bucket, caller, permits) = asked;
        if (permits == int.MaxValue)
            return Granted;
        var now = clock.GetUtcNow().UtcTicks;
        Sweep(now);
        while (true)
        {
            var counter = counters.GetOrAdd((bucket, caller), static (_, most) => new SlidingMinute(most), permits);
            if (counter.Take(now) is { } wait)
                return wait == TimeSpan.Zero ? Granted : new Lease(wait);
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext resource, int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(resource, permitCount));

    private void Sweep(long now)
    {
        var last = Interlocked.Read(ref swept);
        if (Math.Abs(now - last) < SlidingMinute.Window.Ticks || Interlocked.CompareExchange(ref swept, now, last) != last)
            return;
        foreach (var counter in counters)
            if (counter.Value.TryRetire(now))
                counters.TryRemove(counter);
    }

    private sealed class Lease(TimeSpan wait) : RateLimitLease
    {
        public override bool IsAcquired => wait == TimeSpan.Zero;

        public override IEnumerable<string> MetadataNames => IsAcquired ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = wait;
            return !IsAcquired && metadataName == MetadataName.RetryAfter.Name;
        }
    }
}
