using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Codes typed at the payment page. Medium costs 1,200 cents for 1,000 credits, Starter 900 for 1,000 a month.</summary>
public sealed class PromotionTests(PackApp app) : IClassFixture<PackApp>
{
    [Theory]
    [InlineData("percent_off", "50", 600)]
    [InlineData("percent_off", "33.33", 800)]
    [InlineData("amount_off", "500", 700)]
    public async Task A_discounted_pack_gives_all_its_credits_for_the_smaller_sum(string kind, string value, int paid)
    {
        var user = await BuyPackAsync(kind, value);

        Assert.Equal((1200, paid), await PaidAsync(user));
        Assert.Equal(1000, (await app.PacksAsync(user)).Left);
    }

    [Theory]
    [InlineData(150, 750)]
    [InlineData(199, 669)]
    [InlineData(600, 0)]
    public async Task A_refund_is_a_share_of_what_was_paid_and_not_of_the_price(int refunded, int left)
    {
        var user = await BuyPackAsync("percent_off", "50");

        await app.RefundAsync(user, refunded);

        Assert.Equal(new Packs(1, left, 1000 - left, 0, 0), await app.PacksAsync(user));
    }

    [Theory]
    [InlineData("percent_off", "100")]
    [InlineData("amount_off", "1200")]
    [InlineData("amount_off", "5000")]
    public async Task A_coupon_may_take_off_everything_and_the_pack_is_given(string kind, string value)
    {
        var user = await BuyPackAsync(kind, value);

        Assert.Equal((1200, 0), await PaidAsync(user));
        Assert.Equal("no_payment_required", await app.ScalarAsync<string>("SELECT payment_status FROM purchases WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(1000, (await app.PacksAsync(user)).Left);
        Assert.True((await app.ApplyAsync(user, purchase => purchase with { AmountRefunded = 1200 })).IsDone);
        Assert.Equal(1000, (await app.PacksAsync(user)).Left);
    }

    [Theory]
    [InlineData("percent_off", "50", "once", new[] { 450, 900, 900 })]
    [InlineData("percent_off", "50", "repeating", new[] { 450, 450, 900 })]
    [InlineData("percent_off", "100", "repeating", new[] { 0, 0, 900 })]
    [InlineData("amount_off", "200", "forever", new[] { 700, 700, 700 })]
    public async Task A_plan_is_given_in_full_each_month_whatever_the_coupon_leaves_to_pay(string kind, string value, string duration, int[] paid)
    {
        var user = await SubscribeAsync("starter", Terms(kind, value, duration));
        for (var month = 0; month < paid.Length; month++)
        {
            var account = await app.AccountAsync(user);
            Assert.Equal((1000, 0, "starter", "active"), (account.Total, account.Used, account.Plan, account.Status));
            Assert.Equal(paid[month], await app.ScalarAsync<int>("SELECT amount_paid FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC LIMIT 1", new { user.Id }));
            var isDiscounted = paid[Math.Min(month + 1, paid.Length - 1)] != 900;
            var page = (await app.SignedInAs(await app.SignInAsync(user.Id, user.Email)).GetPageAsync("/billing")).QuerySelector("main")!.TextContent;
            Assert.Equal(isDiscounted, page.Contains("less your promotion", StringComparison.Ordinal));
            await app.SpendAsync(user);
            await app.AdvanceAsync(account.Ends - app.Clock.GetUtcNow().UtcDateTime);
            await app.AdvanceAsync(TimeSpan.FromHours(2));
        }
        Assert.Equal(paid.Length + 1, await app.ScalarAsync<int>("SELECT count(*)::int FROM plan_grants WHERE user_id = @Id AND granted_at IS NOT NULL", new { user.Id }));
    }

    [Theory]
    [InlineData("percent_off", "50", "once")]
    [InlineData("percent_off", "25", "repeating")]
    [InlineData("percent_off", "100", "forever")]
    [InlineData("amount_off", "200", "forever")]
    public async Task The_preview_of_a_change_and_its_invoice_agree(string kind, string value, string duration)
    {
        var user = await SubscribeAsync("starter", Terms(kind, value, duration));
        app.Clock.Advance(TimeSpan.FromDays(9));
        var changer = app.Service<PlanChanges>();

        var shown = Assert.IsType<ChangeResult.Previewed>(await changer.PreviewAsync(user.Id, "plus", "month", CancellationToken.None)).Preview;
        Assert.IsType<ChangeResult.Changed>(await changer.ChangeAsync(user.Id, new PlanChange("plus", "month", shown.At, shown.DueCents, shown.CreditsAfter, Guid.CreateVersion7(app.Clock.GetUtcNow())), CancellationToken.None));
        await app.SettleAsync();

        var account = await app.AccountAsync(user);
        Assert.Equal((shown.DueCents, shown.CreditsAfter, "plus"),
            (await app.ScalarAsync<int>("SELECT amount_paid FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC, read_seq DESC LIMIT 1", new { user.Id }), account.Total - account.Used + account.Bonus, account.Plan));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_planned_smaller_plan_keeps_the_promotion(bool wasToEnd)
    {
        var user = await SubscribeAsync("plus", Terms("percent_off", "50", "forever"));
        var subscriptions = app.Service<PlanChanges>();
        if (wasToEnd)
            await subscriptions.CancelAsync(user.Id, Guid.CreateVersion7(app.Clock.GetUtcNow()), false, CancellationToken.None);
        var shown = Assert.IsType<ChangeResult.Previewed>(await subscriptions.PreviewAsync(user.Id, "starter", "month", CancellationToken.None)).Preview;
        Assert.Equal(wasToEnd, shown.UndoesEnding);
        Assert.IsType<ChangeResult.Planned>(await subscriptions.ChangeAsync(user.Id, new PlanChange("starter", "month", shown.At, shown.DueCents, shown.CreditsAfter, Guid.CreateVersion7(app.Clock.GetUtcNow())), CancellationToken.None));

        await app.AdvanceAsync((await app.AccountAsync(user)).Ends - app.Clock.GetUtcNow().UtcDateTime);
        await app.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal("starter", (await app.AccountAsync(user)).Plan);
        Assert.Equal(450, await app.ScalarAsync<int>("SELECT amount_paid FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC LIMIT 1", new { user.Id }));
    }

    [Fact]
    public async Task A_refund_of_a_discounted_plan_is_a_share_of_what_was_paid()
    {
        var user = await SubscribeAsync("starter", Terms("percent_off", "50", "once"));
        var invoice = await app.ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id", new { user.Id });
        var intent = (await app.AtStripeAsync(HttpMethod.Get, $"invoice_payments?invoice={invoice}")).GetProperty("data")[0].GetProperty("payment").GetProperty("payment_intent").GetString()!;

        await app.AtStripeAsync(HttpMethod.Post, "refunds", ("payment_intent", intent), ("amount", "225"));
        await app.SettleAsync();

        Assert.Equal(500, (await app.AccountAsync(user)).Total);
    }

    [Fact]
    public async Task The_card_page_honours_what_a_code_asks_for()
    {
        var (first, regular) = (await app.GivenUserAsync(), await app.GivenBuyerAsync("small"));
        var welcome = await CodeAsync([("percent_off", "10")], ("restrictions[first_time_transaction]", "true"));
        var large = await CodeAsync([("percent_off", "10")], ("restrictions[minimum_amount]", "1200"), ("restrictions[minimum_amount_currency]", "usd"));
        var euros = await CodeAsync([("amount_off", "100"), ("currency", "eur")]);
        var plans = await CodeAsync([("percent_off", "10"), ("applies_to[products][0]", "aurion_starter")]);
        var (page, other) = (await app.OpenPackAsync(first, "small"), await app.OpenPackAsync(regular, "medium"));

        Assert.Equal((true, false), (await PackApp.TypeCodeAsync(page, welcome), await PackApp.TypeCodeAsync(other, welcome)));
        Assert.Equal((false, true), (await PackApp.TypeCodeAsync(page, large), await PackApp.TypeCodeAsync(other, large)));
        Assert.Equal((false, false), (await PackApp.TypeCodeAsync(page, euros), await PackApp.TypeCodeAsync(other, plans)));
        Assert.False(await PackApp.TypeCodeAsync(page, "NOSUCHCODE"));
    }

    private async Task<TestUser> BuyPackAsync(string kind, string value)
    {
        var user = await app.GivenUserAsync(credits: 0);
        var page = await app.OpenPackAsync(user);
        Assert.True(await PackApp.TypeCodeAsync(page, await CodeAsync(Terms(kind, value, "once"))));
        Assert.NotNull(await app.PayAsync(page));
        await app.SettleAsync();
        return user;
    }

    private async Task<TestUser> SubscribeAsync(string plan, (string, string)[] terms)
    {
        var user = await app.GivenUserAsync();
        var page = await app.OpenCheckoutAsync(user, plan);
        Assert.True(await PackApp.TypeCodeAsync(page, await CodeAsync(terms)));
        Assert.NotNull(await app.PayAsync(page));
        await app.SettleAsync();
        return user;
    }

    private Task<string> CodeAsync((string, string)[] terms, params (string, string)[] restrictions) => app.GivenCodeAsync(terms, restrictions);

    private static (string, string)[] Terms(string kind, string value, string duration) =>
        [(kind, value), ("duration", duration), .. kind == "amount_off" ? [("currency", "usd")] : Array.Empty<(string, string)>(), .. duration == "repeating" ? [("duration_in_months", "2")] : Array.Empty<(string, string)>()];

    private async Task<(int Price, int Paid)> PaidAsync(TestUser user) =>
        (await app.QueryAsync<(int, int)>("SELECT amount, amount_paid FROM purchases WHERE user_id = @Id", new { user.Id }))[0];
}
