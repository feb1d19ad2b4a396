using System.Net;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

public sealed class FirstPurchaseTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Paying_Starter_gives_its_credits_and_one_ledger_row()
    {
        var user = await app.GivenUserAsync(credits: 10);

        var back = await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"));

        Assert.StartsWith("/billing/return?session_id=cs_", back!.PathAndQuery, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await app.AccountAsync(user)).Plan == "starter", "the plan that was paid is there");
        var account = await app.AccountAsync(user);
        Assert.Equal((1000, 0, 0, "starter", "active", 1000), (account.Total, account.Used, account.Bonus, account.Plan, account.Status, account.Monthly));
        Assert.StartsWith("sub_", account.Subscription, StringComparison.Ordinal);
        Assert.InRange((account.Ends - account.Starts).TotalDays, 28, 31);
        Assert.Equal(["plan_upgraded"], await app.MovementsAsync(user));
        var metadata = JsonDocument.Parse(await app.ScalarAsync<string>(
            "SELECT metadata::text FROM usage_logs WHERE user_id = @Id AND action_type = 'plan_upgraded' AND credits_used = 0", new { user.Id })).RootElement;
        Assert.Equal(1000, metadata.GetProperty("credits_granted").GetInt32());
        Assert.Equal("starter", metadata.GetProperty("plan_type").GetString());
    }

    [Fact]
    public async Task Every_event_of_the_purchase_ends_and_none_fails()
    {
        await app.GivenSubscriberAsync("plus");

        await Eventually.HoldsAsync(
            async () => await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state NOT IN ('done', 'ignored')") == 0, "every event has ended");
        Assert.True(await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state = 'done' AND type = 'checkout.session.completed'") >= 1);
    }

    [Fact]
    public async Task Bought_credits_are_kept()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = 40 WHERE user_id = @Id", new { user.Id });

        await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"));
        await app.SettleAsync();

        var account = await app.AccountAsync(user);
        Assert.Equal((1000, 0, 40), (account.Total, account.Used, account.Bonus));
    }

    [Fact]
    public async Task The_return_page_shows_success_although_no_webhook_came()
    {
        var user = await app.GivenUserAsync();
        app.Stripe.Faults.Hold = true;
        try
        {
            var back = await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"));
            var page = await app.SignedInAs(user).GetPageAsync(back!.PathAndQuery);

            var text = page.QuerySelector("main")!.TextContent;
            Assert.Contains("Welcome to Starter", text, StringComparison.Ordinal);
            Assert.Contains("1,000 credits are in your account.", text, StringComparison.Ordinal);
            Assert.Null(page.QuerySelector("main a[href='/pricing']"));
        }
        finally
        {
            app.Stripe.Faults.Hold = false;
        }
        await app.SettleAsync();
        Assert.Equal(["plan_upgraded"], await app.MovementsAsync(user));
    }

    [Fact]
    public async Task The_return_page_waits_without_offering_plans_while_nothing_is_known()
    {
        var user = await app.GivenUserAsync();
        var checkout = await app.OpenCheckoutAsync(user, "starter");
        var session = checkout.Segments[^1];

        var page = await app.SignedInAs(user).GetPageAsync($"/billing/return?session_id={session}");

        Assert.Contains("We are confirming your payment", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("main a[href='/pricing']"));
        Assert.Contains("n=1", page.QuerySelector("#payment")!.GetAttribute("hx-get"), StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", page.Head!.InnerHtml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?session_id=")]
    [InlineData("?session_id=cs_test_nobody")]
    public async Task The_return_page_knows_only_payments_of_this_person(string query)
    {
        var response = await app.SignedInAs(await app.GivenUserAsync()).GetAsync($"/billing/return{query}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Another_persons_payment_page_is_not_found()
    {
        var checkout = await app.OpenCheckoutAsync(await app.GivenUserAsync(), "starter");
        var response = await app.SignedInAs(await app.GivenUserAsync()).GetAsync($"/billing/return?session_id={checkout.Segments[^1]}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_declined_card_changes_nothing()
    {
        var user = await app.GivenUserAsync();

        var back = await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"), card: "4000000000000002");
        await app.SettleAsync();

        Assert.Null(back);
        var account = await app.AccountAsync(user);
        Assert.Equal((100, 0, "free", "active"), (account.Total, account.Used, account.Plan, account.Status));
        Assert.Empty(await app.MovementsAsync(user));
    }

    [Fact]
    public async Task The_billing_page_shows_plan_card_and_invoice()
    {
        var user = await app.GivenSubscriberAsync("plus");

        var page = await app.SignedInAs(user).GetPageAsync("/billing");

        var text = page.QuerySelector("main")!.TextContent;
        Assert.Contains("Plus plan", text, StringComparison.Ordinal);
        Assert.Contains("$29", text, StringComparison.Ordinal);
        Assert.Contains("•••• 4242", text, StringComparison.Ordinal);
        Assert.Contains("$29.00", text, StringComparison.Ordinal);
        Assert.StartsWith(app.Stripe.Address, page.QuerySelector("main a[href*='pdf']")!.GetAttribute("href"), StringComparison.Ordinal);
    }
}
