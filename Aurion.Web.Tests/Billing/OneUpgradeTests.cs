namespace Aurion.Web.Tests.Billing;

/// <summary>The six events of one upgrade in all 720 orders, each order on an account of its own.</summary>
public sealed class OneUpgradeTests(OneUpgrade life) : IClassFixture<OneUpgrade>
{
    private static readonly int[][] Orders = [.. AnyOrderTests.Permutations([0, 1, 2, 3, 4, 5])];

    [Fact]
    public async Task All_720_orders_of_the_six_events_end_in_one_state()
    {
        Assert.Equal(6, life.Events.Select(e => e.Event).Distinct(StringComparer.Ordinal).Count());
        await using var replay = await ReplayApp.StartAsync(life, Orders.Length);
        await DeliverAsync(replay, Orders);
        Books.AssertSame(life.Seen[^1], await replay.SeenAsync(Detail.Moved));
    }

    [Theory]
    [InlineData("plan_lines", "ORDER BY g.starts_at, g.opens_period", "ORDER BY g.granted_at, g.starts_at, g.opens_period")]
    [InlineData("give_plan_credits", "v_opens := v_force.plan_ref IS DISTINCT FROM v_plan.plan_ref", "v_opens := true; v_force.credits := p_grant.credits")]
    public async Task A_planted_fault_is_seen(string function, string right, string wrong)
    {
        await using var replay = await ReplayApp.StartAsync(life, 60);
        await replay.PlantAsync(function, right, wrong);
        await DeliverAsync(replay, [.. Orders.Where((_, place) => place % 12 == 5)]);
        Assert.Contains(await replay.BooksAsync(Detail.Moved), books => books != life.Seen[^1]);
    }

    /// <summary>Stripe is no further than the events that have come; from the first one of the upgrade on, it shows the upgrade.</summary>
    private async Task DeliverAsync(ReplayApp replay, int[][] orders)
    {
        var events = life.Events;
        for (var place = 0; place < 6; place++)
        {
            var now = place;
            replay.Clock.StopAt(life.Clock.GetUtcNow().AddSeconds(now));
            replay.MomentOf = copy => orders[copy][..(now + 1)].Max(e => events[e].Moment);
            await replay.DeliverAsync(orders.Select((order, copy) => replay.EventFor(copy, events[order[now]].Event)));
        }
    }
}
