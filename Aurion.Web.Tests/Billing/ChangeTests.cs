using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

public sealed class ChangeTests(ChangeTests.App app) : IClassFixture<ChangeTests.App>
{
    [Fact]
    public async Task An_upgrade_begins_a_new_period_paid_and_given_in_full_and_what_was_left_stays_until_the_old_one_ends()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SpendAsync(user);
        var before = await app.AccountAsync(user);
        app.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Contains("The 950 credits that are left of your plan stay usable until", await app.PreviewTextAsync(user, "plus"), StringComparison.Ordinal);

        var response = await app.ChangeAsync(user, "plus");

        Assert.Equal("/billing", response.Headers.Location?.ToString());
        var account = await app.AccountAsync(user);
        Assert.Equal((5000, 0, 950, "plus", "active", 5000), (account.Total, account.Used, account.Bonus, account.Plan, account.Status, account.Monthly));
        Assert.Equal(app.Clock.GetUtcNow().UtcDateTime, account.Starts, TimeSpan.FromSeconds(2));
        Assert.Equal(before.Ends, await app.ScalarAsync<DateTime>("SELECT expires_at FROM credit_grants WHERE user_id = @Id AND source = 'plan'", new { user.Id }));
        Assert.Equal(2900, await app.ScalarAsync<int>("SELECT amount_paid FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC LIMIT 1", new { user.Id }));
        await app.SettleAsync();
        Assert.Equal(["plan_upgraded", "launch_tool_app-builder", "plan_upgraded"], await app.MovementsAsync(user));
    }

    [Fact]
    public async Task The_last_hour_of_a_plan_buys_no_bigger_one_for_cents()
    {
        var user = await app.GivenSubscriberAsync("starter");
        app.Clock.Advance((await app.AccountAsync(user)).Ends - app.Clock.GetUtcNow().UtcDateTime - TimeSpan.FromHours(1));

        var fields = await app.PreviewAsync(user, "enterprise");

        var price = await app.ScalarAsync<int>("SELECT monthly_price_cents FROM plans WHERE plan_type = 'enterprise'");
        Assert.Equal($"{price}", fields["due"]);
    }

    [Fact]
    public async Task Months_of_a_year_that_were_paid_and_not_refilled_yet_stay_too_when_a_bigger_year_begins()
    {
        var user = await app.GivenSubscriberAsync("plus", "year");
        await app.SpendAsync(user);

        await app.ChangeAsync(user, "pro", "year");

        var account = await app.AccountAsync(user);
        Assert.Equal((25000, 0, 4950 + (11 * 5000)), (account.Total, account.Used, account.Bonus));
    }

    [Fact]
    public async Task A_prorated_change_from_Stripes_dashboard_gives_the_share_of_the_difference_that_was_paid()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SpendAsync(user);
        var account = await app.AccountAsync(user);
        app.Clock.Advance((account.Ends - account.Starts) / 2);
        var subscription = await app.AtStripeAsync(HttpMethod.Get, $"subscriptions/{account.Subscription}");
        var price = await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = 'plus' AND billing_interval = 'month' AND active");

        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{account.Subscription}", ("items[0][id]", subscription.GetProperty("items").GetProperty("data")[0].GetProperty("id").GetString()!),
            ("items[0][price]", price), ("proration_behavior", "always_invoice"));
        await app.SettleAsync();

        account = await app.AccountAsync(user);
        Assert.Equal(("plus", 50, 5000), (account.Plan, account.Used, account.Monthly));
        Assert.InRange(account.Total, 2999, 3001);
    }

    [Theory]
    [InlineData("starter", "month", "plus", "month")]
    [InlineData("starter", "month", "enterprise", "month")]
    [InlineData("plus", "month", "pro", "month")]
    [InlineData("starter", "month", "starter", "year")]
    [InlineData("starter", "month", "pro", "year")]
    [InlineData("plus", "year", "pro", "year")]
    public async Task The_preview_is_what_happens_on_any_day(string from, string fromInterval, string to, string toInterval)
    {
        foreach (var day in new[] { 0, 14, 27 })
        {
            var user = await app.GivenSubscriberAsync(from, fromInterval);
            await app.SpendAsync(user);
            app.Clock.Advance(TimeSpan.FromDays(day) + TimeSpan.FromMinutes(1));
            var fields = await app.PreviewAsync(user, to, toInterval);

            await app.ChangeAsync(user, to, toInterval);
            await app.SettleAsync();

            var account = await app.AccountAsync(user);
            var paid = await app.ScalarAsync<int>("SELECT amount_paid FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC, read_seq DESC LIMIT 1", new { user.Id });
            Assert.Equal((int.Parse(fields["due"], CultureInfo.InvariantCulture), int.Parse(fields["credits"], CultureInfo.InvariantCulture)), (paid, account.Total - account.Used + account.Bonus));
            Assert.Equal(to, account.Plan);
        }
    }

    [Fact]
    public async Task A_change_that_begins_a_new_period_gives_the_new_plan_in_full()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SpendAsync(user);
        await app.ChangeAsync(user, "plus", "year");
        var account = await app.AccountAsync(user);
        Assert.Equal((5000, 0, 950, "plus"), (account.Total, account.Used, account.Bonus, account.Plan));
    }

    [Fact]
    public async Task A_declined_card_leaves_plan_credits_and_price_as_they_were()
    {
        var user = await app.GivenSubscriberAsync("starter", card: "4000000000000341");
        await app.SpendAsync(user);

        var response = await app.ChangeAsync(user, "plus");
        await app.SettleAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("Your card was declined.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var account = await app.AccountAsync(user);
        Assert.Equal((1000, 50, "starter", "active"), (account.Total, account.Used, account.Plan, account.Status));
        var stripe = await app.AtStripeAsync(HttpMethod.Get, $"subscriptions/{account.Subscription}");
        Assert.Equal(900, stripe.GetProperty("items").GetProperty("data")[0].GetProperty("price").GetProperty("unit_amount").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, stripe.GetProperty("pending_update").ValueKind);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id }));
    }

    [Fact]
    public async Task Figures_that_were_tampered_with_are_refused_and_shown_anew()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var fields = await app.PreviewAsync(user, "plus");
        fields["due"] = "1";

        var response = await app.PostChangeAsync(user, fields);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("The figures have moved", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("starter", (await app.AccountAsync(user)).Plan);
    }

    [Fact]
    public async Task Credits_spent_after_the_preview_make_it_void()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var fields = await app.PreviewAsync(user, "plus");
        await app.SpendAsync(user);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.PostChangeAsync(user, fields)).StatusCode);
        Assert.Equal("starter", (await app.AccountAsync(user)).Plan);
    }

    [Fact]
    public async Task A_preview_is_good_for_half_an_hour()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var fields = await app.PreviewAsync(user, "plus");
        app.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.PostChangeAsync(user, fields)).StatusCode);
    }

    [Fact]
    public async Task Confirming_twice_changes_once()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var fields = await app.PreviewAsync(user, "plus");

        await Task.WhenAll(app.PostChangeAsync(user, fields), app.PostChangeAsync(user, fields));
        await app.SettleAsync();

        Assert.Equal((5000, "plus"), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Plan));
        Assert.Equal(2, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_invoices WHERE user_id = @Id AND status = 'paid'", new { user.Id }));
    }

    [Theory]
    [InlineData("pro", "month", "starter", "month", 1000)]
    [InlineData("plus", "year", "starter", "month", 1000)]
    public async Task A_downgrade_waits_for_the_end_of_what_was_paid(string from, string fromInterval, string to, string toInterval, int credits)
    {
        var user = await app.GivenSubscriberAsync(from, fromInterval);
        var before = await app.AccountAsync(user);

        await app.ChangeAsync(user, to, toInterval);
        await app.SettleAsync();
        Assert.Equal((before.Total, from), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Plan));
        Assert.Contains($"You change to {char.ToUpperInvariant(to[0])}{to[1..]} on", await app.BillingTextAsync(user), StringComparison.Ordinal);

        await app.AdvanceAsync(TimeSpan.FromDays(fromInterval == "year" ? 366 : 31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        var after = await app.AccountAsync(user);
        Assert.Equal((credits, 0, to), (after.Total, after.Used, after.Plan));
        Assert.Equal("plan_downgraded", (await app.MovementsAsync(user))[^1]);
    }

    [Fact]
    public async Task A_planned_downgrade_can_be_taken_back()
    {
        var user = await app.GivenSubscriberAsync("pro");
        await app.ChangeAsync(user, "starter");

        await app.SignedInAs(await app.SignInAsync(user.Id, user.Email)).PostFormAsync("/billing/resume", from: "/billing");
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal((25000, "pro"), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Plan));
    }

    [Fact]
    public async Task What_was_planned_before_and_is_given_up_by_a_change_is_said_on_its_preview()
    {
        var user = await app.GivenSubscriberAsync("plus");
        Assert.DoesNotContain("This takes", await app.PreviewTextAsync(user, "pro"), StringComparison.Ordinal);

        await app.ChangeAsync(user, "starter");
        Assert.Contains("This takes the place of your planned change to Starter.", await app.PreviewTextAsync(user, "pro"), StringComparison.Ordinal);

        await app.SignedInAs(await app.SignInAsync(user.Id, user.Email)).PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()) });
        Assert.Contains("This takes back your cancellation", await app.PreviewTextAsync(user, "pro"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_takes_three_clicks_and_leaves_a_dated_receipt()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var browser = app.SignedInAs(user);
        Assert.NotNull((await browser.GetPageAsync("/billing")).QuerySelector("footer a[href='/billing/cancel']"));

        var done = await browser.PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()) });

        Assert.Equal("/billing/cancel", done.Headers.Location?.ToString());
        var receipt = (await browser.GetPageAsync("/billing/cancel")).QuerySelector("main")!.TextContent;
        Assert.Contains("Your contract is cancelled", receipt, StringComparison.Ordinal);
        Assert.Contains("(UTC)", receipt, StringComparison.Ordinal);
        Assert.Matches(@"Cancelled on\s*\w+ \d+, 20\d\d at \d\d:\d\d", receipt);
        Assert.Contains("Ends on", (await browser.GetPageAsync("/dashboard")).QuerySelector(".side-foot")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("starter", 1000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));

        await browser.PostFormAsync("/billing/resume", from: "/billing/cancel");
        Assert.DoesNotContain("ends soon", await app.BillingTextAsync(user), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_payment_is_open_nothing_is_changed_and_the_way_to_pay_is_shown()
    {
        var user = await app.GivenSubscriberAsync("starter", card: "4000000000000341");
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        var browser = app.SignedInAs(await app.SignInAsync(user.Id, user.Email));

        var page = await browser.GetAsync("/billing/change?plan=plus&interval=month");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.StatusCode);
        Assert.Contains("Pay $9.00", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;

        public async Task<Dictionary<string, string>> PreviewAsync(TestUser user, string plan, string interval = "month")
        {
            var page = await SignedInAs(await SignInAsync(user.Id, user.Email)).GetPageAsync($"/billing/change?plan={plan}&interval={interval}");
            return page.QuerySelectorAll("main form input[type=hidden]").OfType<IHtmlInputElement>().ToDictionary(input => input.Name!, input => input.Value, StringComparer.Ordinal);
        }

        public async Task<HttpResponseMessage> PostChangeAsync(TestUser user, Dictionary<string, string> fields)
        {
            var browser = SignedInAs(await SignInAsync(user.Id, user.Email));
            fields = new(fields, StringComparer.Ordinal) { ["__RequestVerificationToken"] = await browser.FormTokenAsync("/billing") };
            return await browser.SendFormAsync("/billing/change", fields);
        }

        public async Task<HttpResponseMessage> ChangeAsync(TestUser user, string plan, string interval = "month") =>
            await PostChangeAsync(user, await PreviewAsync(user, plan, interval));

        public async Task<string> PreviewTextAsync(TestUser user, string plan) =>
            (await SignedInAs(await SignInAsync(user.Id, user.Email)).GetPageAsync($"/billing/change?plan={plan}&interval=month")).QuerySelector("main")!.TextContent;

        public async Task<string> BillingTextAsync(TestUser user) =>
            (await SignedInAs(await SignInAsync(user.Id, user.Email)).GetPageAsync("/billing")).QuerySelector("main")!.TextContent;
    }
}
