using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Credits;

public sealed class RefillTests(QuietApp app) : IClassFixture<QuietApp>
{
    [Fact]
    public async Task A_month_that_starts_on_the_31st_keeps_its_day()
    {
        app.Clock.StopAt(At("2027-10-31T09:30:00Z"));
        var user = await app.GivenUserAsync();

        var ends = new List<string>();
        for (var month = 0; month < 6; month++)
        {
            ends.Add(await app.ScalarAsync<string>("SELECT to_char(current_period_end AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM user_plans WHERE user_id = @Id", user));
            await app.ExecuteAsync("SELECT reset_monthly_credits((SELECT current_period_end FROM user_plans WHERE user_id = @Id))", user);
        }

        Assert.Equal(["2027-11-30 09:30", "2027-12-31 09:30", "2028-01-31 09:30", "2028-02-29 09:30", "2028-03-31 09:30", "2028-04-30 09:30"], ends);
    }

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    public async Task A_window_is_half_open(int seconds, int used)
    {
        app.Clock.StopAt(At("2026-05-05T10:00:00Z"));
        var user = await app.GivenUserAsync(credits: 0);

        await app.ExecuteAsync("SELECT reset_monthly_credits(@now)", new { now = At("2026-06-05T10:00:00Z").AddSeconds(seconds) });

        Assert.Equal(used, await app.ScalarAsync<int>("SELECT used_credits FROM user_credits WHERE user_id = @Id", user));
    }

    [Fact]
    public async Task Three_missed_months_give_one_refill_and_the_window_of_today()
    {
        app.Clock.StopAt(At("2026-01-15T08:00:00Z"));
        var user = await app.GivenUserAsync(credits: 10);
        var now = At("2026-04-20T00:00:00Z");

        for (var run = 0; run < 3; run++)
            await app.ExecuteAsync("SELECT reset_monthly_credits(@now)", new { now });

        Assert.Equal((100, 0), await app.ScalarPairAsync("SELECT total_credits, used_credits FROM user_credits WHERE user_id = @Id", user));
        Assert.Equal(1, await app.ScalarAsync<long>("SELECT count(*) FROM usage_logs WHERE user_id = @Id AND action_type = 'credits_reset'", user));
        Assert.Equal("2026-04-15 2026-05-15", await app.ScalarAsync<string>(
            "SELECT to_char(current_period_start, 'YYYY-MM-DD') || ' ' || to_char(current_period_end, 'YYYY-MM-DD') FROM user_plans WHERE user_id = @Id", user));
    }

    [Fact]
    public async Task A_refill_in_parts_by_two_servers_at_once_fills_each_account_once()
    {
        app.Clock.StopAt(At("2026-01-20T08:00:00Z"));
        var users = new List<Guid>();
        for (var i = 0; i < 7; i++)
            users.Add((await app.GivenUserAsync(credits: 10)).Id);
        var now = At("2026-02-20T08:00:00Z");

        async Task RunAsync()
        {
            while (await app.ScalarAsync<int>("SELECT reset_monthly_credits(@now, 2)", new { now }) > 0)
            {
            }
        }
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(RunAsync)));
        await RunAsync();

        Assert.Equal((700, 0), await app.ScalarPairAsync("SELECT sum(total_credits)::int, sum(used_credits)::int FROM user_credits WHERE user_id = ANY (@users)", new { users }));
        Assert.Equal(7, await app.ScalarAsync<long>("SELECT count(*) FROM usage_logs WHERE user_id = ANY (@users) AND action_type = 'credits_reset'", new { users }));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));
    }

    [Fact]
    public async Task A_refill_leaves_bought_credits_alone()
    {
        app.Clock.StopAt(At("2026-01-15T08:00:00Z"));
        var user = await app.GivenUserAsync(credits: 10);
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = 70 WHERE user_id = @Id", user);

        await app.ExecuteAsync("SELECT reset_monthly_credits(@now)", new { now = At("2026-02-15T08:00:00Z") });

        Assert.Equal((100, 70), await app.ScalarPairAsync("SELECT total_credits, bonus_credits FROM user_credits WHERE user_id = @Id", user));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));
    }

    [Fact]
    public async Task A_monthly_subscription_is_refilled_by_its_invoice_only()
    {
        app.Clock.StopAt(At("2026-01-15T08:00:00Z"));
        var user = await app.GivenUserAsync(credits: 0);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'starter', billing_interval = 'month', credits_monthly = 1000 WHERE user_id = @Id", user);

        await app.ExecuteAsync("SELECT reset_monthly_credits(@now)", new { now = At("2026-06-15T08:00:00Z") });

        Assert.Equal(100, await app.ScalarAsync<int>("SELECT used_credits FROM user_credits WHERE user_id = @Id", user));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

internal static class PairExtensions
{
    public static async Task<(int, int)> ScalarPairAsync(this AurionApp app, string sql, object parameters) =>
        Assert.Single(await app.QueryAsync<(int, int)>(sql, parameters));
}
