using System.Threading.RateLimiting;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>Never more than N permits in any 60 seconds, and it knows exactly when the next one is free.</summary>
internal sealed class SlidingMinute(int permits, TimeProvider clock) : RateLimiter
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Queue<DateTimeOffset> granted = new();
    private readonly Lock gate = new();

    private long newest = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>Once nothing counts any more, this limiter may be forgotten. Asked ten times a second for everybody, hence without the lock.</summary>
    public override TimeSpan? IdleDuration =>
        Math.Abs(clock.GetUtcNow().UtcTicks - Interlocked.Read(ref newest)) >= Window.Ticks ? TimeSpan.MaxValue : null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            Forget(now);
            if (granted.Count + permitCount > permits)
                return new Lease(granted.Count > 0 ? granted.Peek() + Window - now : Window);
            for (var i = 0; i < permitCount; i++)
                granted.Enqueue(now);
            Interlocked.Exchange(ref newest, now.UtcTicks);
            return new Lease(null);
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(permitCount));

    public override RateLimiterStatistics? GetStatistics() => null;

    // A clock that was set back must not keep anybody out for longer than a minute.
    private void Forget(DateTimeOffset now)
    {
        while (granted.TryPeek(out var oldest) && (now - oldest >= Window || now < oldest))
            granted.Dequeue();
    }

    private sealed class Lease(TimeSpan? retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => retryAfter is null;

        public override IEnumerable<string> MetadataNames => IsAcquired ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = retryAfter;
            return !IsAcquired && metadataName == MetadataName.RetryAfter.Name;
        }
    }
}
