namespace Aurion.Web.Tests.Billing;

/// <summary>Six moments of a life in all 720 orders, each order on an account of its own; every one must end in the books of the life.</summary>
public sealed class AnyOrderTests(SixMoments life) : IClassFixture<SixMoments>
{
    private static readonly int[][] Orders = [.. Permutations([0, 1, 2, 3, 4, 5])];

    [Fact]
    public void Each_of_the_six_moments_leaves_other_books()
    {
        Assert.Equal(6, life.Seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal([1, 1, 1, 1, 2, 1], life.Messages.Select(events => events.Count));
    }

    /// <summary>Stripe lives on while the events come: each order lets it be no further than it must be.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task All_720_orders_of_delivery_end_in_one_state_even_when_event_ids_repeat_or_change(int times)
    {
        await using var replay = await ReplayApp.StartAsync(life, Orders.Length);
        await DeliverAsync(replay, Orders, times);
        Books.AssertSame(life.Seen[^1], await replay.SeenAsync(Detail.Moved));
    }

    /// <summary>A read carries the number that it drew before it began; nothing else says what is newer.</summary>
    [Fact]
    public async Task All_720_orders_in_which_six_reads_may_be_written_late_end_in_one_state()
    {
        await using var replay = await ReplayApp.StartAsync(life, Orders.Length);
        await WriteLateAsync(replay, Orders);
        Books.AssertSame(life.Seen[^1], await replay.SeenAsync(Detail.Moved));
    }

    [Theory]
    [InlineData("plan_lines", "ORDER BY g.starts_at, g.opens_period", "ORDER BY g.starts_at DESC, g.opens_period")]
    [InlineData("plan_lines", "ORDER BY g.starts_at, g.opens_period", "ORDER BY g.granted_at, g.starts_at, g.opens_period")]
    [InlineData("plan_lines", "g.ends_at, g.credits,", "g.granted_at, g.credits,")]
    [InlineData("plan_in_force", "sum(x.added) - sum(x.clawed_back)", "sum(x.added)")]
    [InlineData("period_cut_short", "x.period > l.period", "false")]
    [InlineData("give_plan_credits", "v_opens := v_force.plan_ref IS DISTINCT FROM v_plan.plan_ref", "v_opens := true; v_force.credits := p_grant.credits")]
    [InlineData("claw_back_refunds", "v_due.target = v_due.clawed_back + v_due.written_off", "false")]
    public async Task A_planted_fault_is_seen(string function, string right, string wrong)
    {
        await using var replay = await ReplayApp.StartAsync(life, 60);
        await replay.PlantAsync(function, right, wrong);
        await DeliverAsync(replay, [.. Orders.Where((_, place) => place % 12 == 5)], times: 2);
        Assert.Contains(await replay.BooksAsync(Detail.Moved), books => books != life.Seen[^1]);
    }

    [Fact]
    public async Task A_fault_planted_in_which_read_is_newer_is_seen()
    {
        await using var replay = await ReplayApp.StartAsync(life, 60);
        await replay.PlantAsync("mirror_subscription", "v_old.read_seq > p_read_seq", "false");
        await WriteLateAsync(replay, [.. Orders.Where((_, place) => place % 12 == 5)]);
        Assert.Contains(await replay.BooksAsync(Detail.Moved), books => books != life.Seen[^1]);
    }

    private async Task WriteLateAsync(ReplayApp replay, int[][] orders)
    {
        replay.Clock.StopAt(life.Clock.GetUtcNow());
        for (var place = 0; place < 6; place++)
        {
            foreach (var copies in orders.Select((order, copy) => (Moment: order[place], copy)).GroupBy(o => o.Moment, o => o.copy))
                await replay.WriteLateAsync(life.Messages[copies.Key], [.. copies], copies.Key);
        }
    }

    private async Task DeliverAsync(ReplayApp replay, int[][] orders, int times)
    {
        for (var place = 0; place < 6; place++)
        {
            var now = place;
            replay.Clock.StopAt(life.Clock.GetUtcNow().AddSeconds(now));
            replay.MomentOf = copy => orders[copy][..(now + 1)].Max();
            await replay.DeliverAsync(orders.SelectMany((order, copy) => life.Messages[order[now]].SelectMany(e =>
                Enumerable.Range(0, times).Select(repetition => replay.EventFor(copy, e, copy % 2 == 0 ? 0 : repetition)))));
        }
    }

    internal static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
