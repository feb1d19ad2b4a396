using Aurion.Data.Credits;
using Aurion.Web.Credits.Live;

namespace Aurion.Web.Tests.Credits;

public sealed class LiveFeedsTests
{
    private readonly LiveFeeds live = new();
    private readonly Guid user = Guid.Parse("019cd79e-4600-7000-8000-000000000001");
    private readonly Guid other = Guid.Parse("019cd79e-4600-7000-8000-000000000002");

    [Fact]
    public async Task Any_number_of_signals_before_a_reading_is_one_reading()
    {
        using var feed = live.Start(user, sessionId: null);
        for (var i = 0; i < 1000; i++)
            live.Signal(user);

        Assert.Equal([user], await TakeAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(TakeAsync);
    }

    [Fact]
    public async Task A_signal_during_a_reading_is_another_reading()
    {
        using var feed = live.Start(user, sessionId: null);
        await TakeAsync();

        live.Signal(user);

        Assert.Equal([user], await TakeAsync());
    }

    [Fact]
    public async Task Nobody_is_read_whom_nobody_watches()
    {
        live.Signal(user);
        using var feed = live.Start(other, sessionId: null);

        Assert.Equal([other], await TakeAsync());
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_balance_only()
    {
        using var feed = live.Start(user, sessionId: null)!;
        foreach (var used in Enumerable.Range(1, 50))
            live.Push(user, Of(used));

        Assert.Equal(50, (await feed.Balances.ReadAsync()).Used);
        Assert.False(feed.Balances.TryRead(out _));
    }

    [Fact]
    public async Task Many_tabs_opened_and_closed_at_once_leave_none_behind_and_never_pass_the_limit()
    {
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var feed = live.Start(user, sessionId: null);
                InterlockedMax(ref most, live.Open.Count);
            }
        })));

        Assert.Empty(live.Open);
        Assert.InRange(most, 1, LiveFeeds.StreamsPerUser);
    }

    [Fact]
    public async Task Only_the_streams_of_the_sign_in_that_is_over_end()
    {
        var (session, stays) = (other, user);
        using var ending = live.Start(user, session)!;
        using var staying = live.Start(user, stays)!;

        live.End(session);

        Assert.False(await ending.Balances.WaitToReadAsync());
        Assert.Equal([staying], live.Open);
    }

    private async Task<Guid[]> TakeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        return await live.TakeMovedAsync(patience.Token);
    }

    private static Balance Of(int used) =>
        new(100, used, 0, 100 - used, 100 - used, 100, "", "free", "Free", "active", DateTimeOffset.UnixEpoch, EndsThen: false, CreditsThen: 100, IsFrozen: false, Interval: null, CreditsWait: false);

    private static void InterlockedMax(ref int most, int seen)
    {
        for (var known = Volatile.Read(ref most); seen > known; known = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, seen, known);
    }
}
