using System.Net;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Admin;

public sealed class EventPageTests(EventPageTests.App app) : IClassFixture<EventPageTests.App>
{
    [Fact]
    public async Task Only_administrators_find_the_events()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync("/admin/events")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync("/admin/events/replay")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(await app.AdminAsync()).GetAsync("/admin/events")).StatusCode);
    }

    [Fact]
    public async Task Administrators_have_a_way_to_the_events_on_every_page_and_nobody_else_does()
    {
        var admin = app.SignedInAs(await app.AdminAsync());

        var link = (await admin.GetPageAsync("/dashboard")).QuerySelectorAll("nav a").Single(way => way.TextContent.Trim() == "Admin").GetAttribute("href")!;

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(link)).StatusCode);
        Assert.DoesNotContain("Admin", (await app.SignedInAs(await app.GivenUserAsync()).GetPageAsync("/dashboard")).QuerySelector("nav")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaying_leads_back_to_the_event_whose_id_keeps_its_capitals()
    {
        await app.ExecuteAsync("""
            INSERT INTO stripe_events (id, type, object_kind, object_id, livemode, payload, state, created_at, received_at, next_attempt_at)
            VALUES ('evt_1AbCdEfGhIj', 'product.updated', 'product', 'prod_page', false, '{}', 'ignored', @now, @now, @now)
            """, new { now = app.Clock.GetUtcNow() });
        var admin = app.SignedInAs(await app.AdminAsync());

        var response = await admin.PostFormAsync("/admin/events/evt_1AbCdEfGhIj");

        Assert.Equal("/admin/events/evt_1AbCdEfGhIj", response.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(response.Headers.Location.OriginalString)).StatusCode);
    }

    [Fact]
    public async Task Every_event_is_on_one_of_the_pages_and_on_one_only()
    {
        await app.ExecuteAsync("""
            INSERT INTO stripe_events (id, type, object_kind, object_id, livemode, payload, state, created_at, received_at, next_attempt_at)
            SELECT 'evt_page' || i, 'product.updated', 'product', 'prod_page', false, '{}', 'ignored', @now, @now - make_interval(secs => i / 7), @now
              FROM generate_series(1, 230) AS i
            """, new { now = app.Clock.GetUtcNow() });
        var admin = app.SignedInAs(await app.AdminAsync());

        List<string> seen = [];
        for (var page = "/admin/events?state=ignored"; page is not null;)
        {
            var main = (await admin.GetPageAsync(page)).QuerySelector("main")!;
            seen.AddRange(main.QuerySelectorAll("td a").Select(link => link.GetAttribute("href")!));
            page = main.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal(230, seen.Count(link => link.StartsWith("/admin/events/evt_page", StringComparison.Ordinal)));
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task An_unknown_price_parks_its_event_until_it_is_known_and_replayed()
    {
        var price = await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = 'starter' AND billing_interval = 'month' AND active");
        var user = await app.GivenUserAsync();
        var checkout = await app.OpenCheckoutAsync(user, "starter");
        await app.ExecuteAsync("UPDATE stripe_prices SET price_id = 'price_forgotten' WHERE price_id = @price", new { price });
        await app.PayAsync(checkout);
        await app.SettleAsync();
        Assert.Equal(("free", 100), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));

        var admin = app.SignedInAs(await app.AdminAsync());
        var list = await admin.GetPageAsync("/admin/events?state=failed");
        Assert.Contains("UNKNOWN_PRICE", list.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        var link = list.QuerySelector("main td a")!.GetAttribute("href")!;
        Assert.Contains("UNKNOWN_PRICE", (await admin.GetPageAsync(link)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        await app.ExecuteAsync("UPDATE stripe_prices SET price_id = @price WHERE price_id = 'price_forgotten'", new { price });
        Assert.Contains("The account would change: Starter plan, 1,000 credits.", (await admin.GetPageAsync(link)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        var all = await admin.GetPageAsync(list.QuerySelector("main a.btn")!.GetAttribute("href")!);
        Assert.Contains("The account would change: Starter plan, 1,000 credits.", all.QuerySelector("main td:last-child")!.TextContent, StringComparison.Ordinal);
        await admin.PostFormAsync("/admin/events/replay");
        await app.SettleAsync();

        Assert.Equal(("starter", 1000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
        Assert.Equal(["plan_upgraded"], await app.MovementsAsync(user));
        Assert.Contains("Nothing would change", (await admin.GetPageAsync(link)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaying_what_is_done_changes_nothing()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SpendAsync(user);
        var before = await app.AccountAsync(user);
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'received', next_attempt_at = '2000-01-01' WHERE state = 'done'");

        await app.SettleAsync();

        Assert.Equal(before, await app.AccountAsync(user));
        Assert.Equal(["plan_upgraded", "launch_tool_app-builder"], await app.MovementsAsync(user));
    }

    [Fact]
    public async Task A_customer_of_nobody_is_tried_again_later()
    {
        var customer = await app.AtStripeAsync(HttpMethod.Post, "customers", ("email", "stranger@test.example"));
        await app.AtStripeAsync(HttpMethod.Post, "payment_methods/pm_card_visa/attach", ("customer", customer.GetProperty("id").GetString()!));
        var price = await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = 'pro' AND billing_interval = 'month' AND active");
        var methods = await app.AtStripeAsync(HttpMethod.Get, $"customers/{customer.GetProperty("id").GetString()}/payment_methods");
        await app.AtStripeAsync(HttpMethod.Post, "subscriptions", ("customer", customer.GetProperty("id").GetString()!), ("items[0][price]", price),
            ("default_payment_method", methods.GetProperty("data")[0].GetProperty("id").GetString()!));
        await app.SettleAsync();

        Assert.True(await app.ScalarAsync<int>("""
            SELECT count(*)::int FROM stripe_events WHERE state = 'received' AND attempts = 1 AND next_attempt_at > received_at AND last_error LIKE 'customer % belongs to no account'
            """) > 0);
    }

    public sealed class App : BillingApp
    {
        private TestUser? admin;

        protected override bool StripeRunsByItself => false;

        public async Task<TestUser> AdminAsync() => admin ??= await GivenUserAsync(email: "admin@test.example");
    }
}
