using System.Threading.RateLimiting;
using Aurion.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Http;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class MinuteLimiterTests
{
    private const int Permits = 20;

    [Fact]
    public async Task Forgetting_idle_callers_while_they_come_back_gives_nobody_a_permit_more()
    {
        const int Threads = 8, Calls = 10, Rounds = 2_000;
        var clock = new TestClock();
        clock.StopAt(clock.GetUtcNow());
        await using var limiter = new MinuteLimiter(_ => new("launch", "somebody", Permits), clock);
        var granted = new int[Rounds];
        using var start = new Barrier(Threads, _ => clock.Advance(SlidingMinute.Window));

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                start.SignalAndWait();
                for (var call = 0; call < Calls; call++)
                    if (Acquire(limiter).IsAcquired)
                        Interlocked.Increment(ref granted[round]);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.All(granted, permits => Assert.Equal(Permits, permits));
    }

    private static RateLimitLease Acquire(MinuteLimiter limiter) => limiter.AttemptAcquire(new DefaultHttpContext());
}
