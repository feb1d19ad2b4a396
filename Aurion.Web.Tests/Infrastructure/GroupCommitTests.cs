using System.Collections.Concurrent;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task What_arrives_while_a_group_is_served_goes_together_into_the_next()
    {
        using var lane = new Lane();
        await lane.StartAsync(CancellationToken.None);

        var first = lane.Ask("first");
        await Eventually.EnteredAsync(lane.Entered, "the first group is served");
        var others = Enumerable.Range(0, 5).Select(i => lane.Ask($"{i}")).ToList();
        lane.Open.Release(2);

        Assert.Equal("first!", await first);
        Assert.Equal(["0!", "1!", "2!", "3!", "4!"], await Task.WhenAll(others));
        Assert.Equal(["first", "0 1 2 3 4"], lane.Groups);
    }

    [Fact]
    public async Task One_that_spoils_its_group_fails_alone()
    {
        using var lane = new Lane();
        string[] group = ["a", "spoiled", "b"];
        var answers = group.Select(request => lane.Ask(request)).ToList();
        lane.Open.Release(4);
        await lane.StartAsync(CancellationToken.None);

        Assert.Equal(("a!", "b!"), (await answers[0], await answers[2]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => answers[1]);
    }

    [Fact]
    public async Task While_the_database_is_away_nobody_waits_for_each_to_be_tried()
    {
        using var lane = new Lane();
        string[] group = ["a", "away", "b"];
        var answers = group.Select(request => lane.Ask(request)).ToList();
        lane.Open.Release(4);
        await lane.StartAsync(CancellationToken.None);

        foreach (var answer in answers)
            await Assert.ThrowsAsync<TimeoutException>(() => answer);
        Assert.Single(lane.Groups);
    }

    [Fact]
    public async Task A_result_for_the_next_group_is_asked_again()
    {
        using var lane = new Lane();
        var answer = lane.Ask("again");
        lane.Open.Release(2);
        await lane.StartAsync(CancellationToken.None);

        Assert.Equal("again!", await answer);
        Assert.Equal(["again", "again"], lane.Groups);
    }

    [Fact]
    public void A_full_lane_takes_nobody_more()
    {
        using var lane = new Lane();
        for (var i = 0; i < GroupCommit<string, string>.MostWaiting; i++)
            Assert.True(lane.TryAsk("", CancellationToken.None, out _));

        Assert.False(lane.TryAsk("", CancellationToken.None, out _));
    }

    /// <summary>Serves a group each time it is let.</summary>
    private sealed class Lane() : GroupCommit<string, string>(mostTogether: 100)
    {
        private int agains;

        public SemaphoreSlim Open { get; } = new(0);

        public SemaphoreSlim Entered { get; } = new(0);

        public ConcurrentQueue<string> Groups { get; } = [];

        public Task<string> Ask(string request) =>
            TryAsk(request, CancellationToken.None, out var answer) ? answer : throw new InvalidOperationException("The lane is full.");

        public override void Dispose()
        {
            base.Dispose();
            Open.Dispose();
            Entered.Dispose();
        }

        protected override bool IsForNextGroup(string result) => result == "again!" && Interlocked.Increment(ref agains) == 1;

        protected override async Task<IReadOnlyList<string>> ServeAsync(IReadOnlyList<string> requests)
        {
            Groups.Enqueue(string.Join(' ', requests));
            Entered.Release();
            await Open.WaitAsync();
            return requests.Contains("spoiled") ? throw new InvalidOperationException()
                : requests.Contains("away") ? throw new TimeoutException()
                : [.. requests.Select(request => request + "!")];
        }
    }
}
