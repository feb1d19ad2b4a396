using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Medium: 1,200 cents gave 1,000 credits; a launch of app-builder spends 50.</summary>
public sealed class PackRefundTests(PackApp app) : IClassFixture<PackApp>
{
    [Theory]
    [InlineData(0, new[] { 300 }, 750, 250, 0)]
    [InlineData(0, new[] { 100, 200 }, 750, 250, 0)]
    [InlineData(0, new[] { 1, 1, 1 }, 998, 2, 0)]
    [InlineData(0, new[] { 1200 }, 0, 1000, 0)]
    [InlineData(16, new[] { 600 }, 0, 200, 300)]
    [InlineData(16, new[] { 600, 600 }, 0, 200, 800)]
    [InlineData(20, new[] { 1200 }, 0, 0, 1000)]
    public async Task A_refund_takes_back_its_share_of_what_is_left_and_writes_off_the_rest(int launches, int[] refunds, int left, int clawed, int writtenOff)
    {
        var user = await app.GivenBuyerAsync();
        for (var i = 0; i < launches; i++)
            Assert.Equal("LAUNCHED", await app.SpendAsync(user));

        foreach (var cents in refunds)
            await app.RefundAsync(user, cents);

        Assert.Equal(new Packs(1, left, clawed, writtenOff, 0), await app.PacksAsync(user));
        await app.SettleAsync();
        Assert.Equal(new Packs(1, left, clawed, writtenOff, 0), await app.PacksAsync(user));
    }

    [Theory]
    [InlineData("won", 1000, 0)]
    [InlineData("lost", 0, 1000)]
    public async Task A_dispute_holds_that_pack_alone_then_thaws_it_or_takes_it_back(string outcome, int left, int clawed)
    {
        var user = await app.GivenBuyerAsync(card: "4000000000000259", credits: 60);
        Assert.Equal(new Packs(1, 1000, 0, 0, 1), await app.PacksAsync(user));
        Assert.Equal("LAUNCHED", await app.SpendAsync(user));
        Assert.Equal("INSUFFICIENT_CREDITS", await app.SpendAsync(user));
        Assert.Contains("held: disputed", (await app.SignedInAs(user).GetPageAsync("/billing/packs")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        await app.CloseDisputeAsync(user, outcome);

        Assert.Equal(new Packs(1, left, clawed, 0, 0), await app.PacksAsync(user));
        Assert.Equal(outcome == "won" ? "LAUNCHED" : "INSUFFICIENT_CREDITS", await app.SpendAsync(user));
    }

    [Fact]
    public async Task A_refund_and_then_a_lost_dispute_never_take_twice()
    {
        var user = await app.GivenBuyerAsync();
        await app.RefundAsync(user, 600);

        foreach (var status in new[] { "needs_response", "lost", "lost" })
        {
            Assert.True((await app.ApplyAsync(user, purchase => purchase with { DisputeStatus = status, AmountDisputed = status == "lost" ? 0 : 1200 - 600, AmountLost = status == "lost" ? 1200 - 600 : 0 })).IsDone);
            Assert.Equal(status == "lost" ? new Packs(1, 0, 1000, 0, 0) : new Packs(1, 500, 500, 0, 1), await app.PacksAsync(user));
        }
    }

    [Fact]
    public async Task What_a_failed_run_gives_back_to_a_refunded_pack_is_taken_back_too()
    {
        var user = await app.GivenBuyerAsync();
        await app.SpendAsync(user);
        await app.RefundAsync(user);
        Assert.Equal(new Packs(1, 0, 950, 50, 0), await app.PacksAsync(user));

        await app.ExecuteAsync("SELECT refund_user_credits(@Id, operation_id, 'failed', @now) FROM usage_logs WHERE user_id = @Id AND credits_used = 50", new { user.Id, now = app.Clock.GetUtcNow() });
        Assert.Equal(50, (await app.PacksAsync(user)).Left);
        Assert.True((await app.ApplyAsync(user, purchase => purchase)).Changed);

        Assert.Equal(new Packs(1, 0, 1000, 0, 0), await app.PacksAsync(user));
    }

    [Fact]
    public async Task A_refund_of_one_pack_leaves_the_other_and_the_plan_alone()
    {
        var user = await app.GivenBuyerAsync("small", credits: 40);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.PayAsync(await app.OpenPackAsync(user, "medium"));
        await app.SettleAsync();

        await app.RefundAsync(user);

        Assert.Equal(new Packs(2, 300, 1000, 0, 0), await app.PacksAsync(user));
        Assert.Equal((100, 60), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Used));
    }
}
