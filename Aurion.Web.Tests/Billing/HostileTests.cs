using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>What Stripe may be made to say about us: nothing of it gives a plan that was not paid at our price, and nothing is lost.</summary>
public sealed class HostileTests(HostileTests.App app) : IClassFixture<HostileTests.App>
{
    [Theory]
    [InlineData("usd", 100, "month", 1, "UNKNOWN_PRICE")]
    [InlineData("usd", 900, "month", 1, "UNKNOWN_PRICE")]
    [InlineData("usd", 0, "month", 1, "UNKNOWN_PRICE")]
    [InlineData("eur", 900, "month", 1, "UNKNOWN_PRICE")]
    [InlineData("usd", 900, "week", 1, "UNKNOWN_PRICE")]
    [InlineData("ours", 900, "month", 2, "UNEXPECTED_LINE")]
    [InlineData("ours", 900, "month", 1000, "UNEXPECTED_LINE")]
    public async Task A_purchase_that_is_not_one_of_ours_waits_for_an_operator_and_gives_nothing(string currency, int cents, string interval, int quantity, string reason)
    {
        var user = await app.GivenUserAsync();
        var price = currency == "ours" ? await app.PriceAsync("starter") : await app.PriceByHandAsync("aurion_starter", currency, cents, interval);

        await app.SubscribeAsync(await app.CustomerAtStripeAsync(user.Id), user.Id, price, quantity);

        await app.ExpectFreeAsync(user);
        Assert.True(await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE user_id = @Id AND state = 'failed' AND reason LIKE @reason || '%'", new { user.Id, reason }) > 0);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM plan_grants WHERE user_id = @Id", new { user.Id }));
    }

    /// <summary>Payment pages that somebody else opened for a customer of ours, and that were paid.</summary>
    [Theory]
    [InlineData("two of it", "UNEXPECTED_LINE")]
    [InlineData("two plans at once", "UNEXPECTED_LINE")]
    [InlineData("a cent", "UNKNOWN_PRICE")]
    [InlineData("nothing", "UNKNOWN_PRICE")]
    [InlineData("euros", "UNKNOWN_PRICE")]
    [InlineData("a year of one-off", "UNKNOWN_PRICE")]
    public async Task A_paid_page_that_is_not_one_of_ours_waits_for_an_operator_and_gives_nothing(string page, string reason)
    {
        var user = await app.GivenUserAsync();
        var (starter, pro) = (await app.PriceAsync("starter"), await app.PriceAsync("pro"));
        (string, string)[] form = page switch
        {
            "two of it" => [("line_items[0][price]", starter), ("line_items[0][quantity]", "2")],
            "two plans at once" => [("line_items[0][price]", starter), ("line_items[0][quantity]", "1"), ("line_items[1][price]", pro), ("line_items[1][quantity]", "1")],
            "a cent" => App.ByHand("usd", 1),
            "nothing" => App.ByHand("usd", 0),
            "euros" => App.ByHand("eur", 900),
            _ => App.ByHand("usd", 9000, null),
        };

        await app.PayPageAsync(await app.CustomerAtStripeAsync(user.Id), page == "a year of one-off" ? "payment" : "subscription",
            [("client_reference_id", $"{user.Id}"), ("metadata[aurion_user]", $"{user.Id}"), ("metadata[aurion_plan]", "enterprise"), .. form]);

        await app.ExpectFreeAsync(user);
        var failed = await app.QueryAsync<string>("SELECT reason FROM stripe_events WHERE user_id = @Id AND state = 'failed'", new { user.Id });
        Assert.Contains(failed, why => why.StartsWith(reason, StringComparison.Ordinal));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM plan_grants WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM credit_grants WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task A_paid_page_that_names_another_account_gives_the_plan_to_whose_customer_paid()
    {
        var (payer, named) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        await app.OpenCheckoutAsync(payer, "plus");
        await app.PayPageAsync(await app.CustomerAsync(payer), "subscription",
            ("client_reference_id", $"{named.Id}"), ("metadata[aurion_user]", $"{named.Id}"), ("subscription_data[metadata][aurion_user]", $"{named.Id}"),
            ("line_items[0][price]", await app.PriceAsync("starter")), ("line_items[0][quantity]", "1"));

        await app.ExpectFreeAsync(named);
        Assert.Equal(("starter", 1000), ((await app.AccountAsync(payer)).Plan, (await app.AccountAsync(payer)).Total));
    }

    [Fact]
    public async Task Who_pays_is_whose_customer_it_is_whatever_the_metadata_say()
    {
        var (payer, named) = (await app.GivenPayerAsync("starter"), await app.GivenUserAsync());
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{(await app.AccountAsync(payer)).Subscription}", ("metadata[aurion_user]", $"{named.Id}"));
        await app.SettleAsync();
        await app.ExpectFreeAsync(named);
        Assert.Equal("starter", (await app.AccountAsync(payer)).Plan);
    }

    [Fact]
    public async Task A_second_customer_cannot_claim_somebody_who_has_one()
    {
        var user = await app.GivenPayerAsync("starter");
        var customer = await app.CustomerAsync(user);
        var id = await app.SubscribeAsync(await app.CustomerAtStripeAsync(user.Id), user.Id, await app.PriceAsync("enterprise"));
        Assert.Equal(("starter", 1000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
        await app.ExpectParkedAsync(id);
        Assert.Equal(customer, await app.CustomerAsync(user));
    }

    [Theory]
    [InlineData("11111111-2222-3333-4444-555555555555")]
    [InlineData("not-an-id")]
    [InlineData("")]
    public async Task A_customer_of_nobody_is_tried_for_hours_and_then_shown_to_an_operator(string metadata)
    {
        var id = await app.SubscribeAsync(await app.CustomerAtStripeAsync(null), null, await app.PriceAsync("pro"), 1, ("metadata[aurion_user]", metadata));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM user_subscriptions WHERE subscription_id = @id", new { id }));
        await app.ExpectParkedAsync(id);
    }

    [Fact]
    public async Task A_customer_whose_account_comes_later_is_not_lost()
    {
        var late = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.SubscribeAsync(await app.CustomerAtStripeAsync(late), late, await app.PriceAsync("pro"));
        await app.ExecuteAsync("INSERT INTO auth.users (id, email, created_at) VALUES (@late, @late || '@test.example', @now)", new { late, now = app.Clock.GetUtcNow() });
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("pro", await app.ScalarAsync<string>("SELECT plan_type FROM user_plans WHERE user_id = @late", new { late }));
    }

    [Theory]
    [InlineData("customer.subscription.updated", "subscription", "sub_nobody")]
    [InlineData("invoice.paid", "invoice", "in_nobody")]
    [InlineData("checkout.session.completed", "checkout.session", "cs_nobody")]
    [InlineData("charge.refunded", "charge", "ch_nobody")]
    [InlineData("charge.dispute.created", "dispute", "du_nobody")]
    public async Task An_event_about_what_Stripe_does_not_have_ends_with_a_reason(string type, string kind, string id)
    {
        var name = $"evt_{kind.Replace('.', '_')}";
        Assert.True((await SignedEvents.SendSignedAsync(app, SignedEvents.Body(name, type, kind, id))).IsSuccessStatusCode);
        await app.BePatientAsync();
        var (state, reason) = (await app.QueryAsync<(string, string)>("SELECT state, reason FROM stripe_events WHERE id = @name", new { name }))[0];
        Assert.Contains(state, new[] { "failed", "ignored" });
        Assert.NotEmpty(reason);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "acct_other")]
    public async Task A_real_object_in_an_event_of_another_mode_or_account_changes_nothing(bool livemode, string? account)
    {
        var user = await app.GivenUserAsync();
        app.Stripe.Faults.Hold = true;
        var id = await app.SubscribeAsync(await app.CustomerAtStripeAsync(user.Id), user.Id, await app.PriceAsync("plus"));
        await SignedEvents.SendSignedAsync(app, SignedEvents.Body($"evt_{id}", "customer.subscription.updated", "subscription", id, livemode, account is null ? "" : $",\"account\":\"{account}\""));
        await app.SettleAsync();
        app.Stripe.Faults.Hold = false;
        await app.ExpectFreeAsync(user);
        await app.SettleAsync();
        Assert.Equal("plus", (await app.AccountAsync(user)).Plan);
    }

    public sealed class App : PayerApp
    {
        public async Task<string> PriceByHandAsync(string product, string currency, int cents, string interval) =>
            await IdAsync("prices", ("product", product), ("currency", currency), ("unit_amount", $"{cents}"), ("recurring[interval]", interval));

        /// <summary>A line whose price was made on the spot.</summary>
        public static (string, string)[] ByHand(string currency, int cents, string? interval = "month") =>
        [
            ("line_items[0][price_data][currency]", currency), ("line_items[0][price_data][unit_amount]", $"{cents}"), ("line_items[0][price_data][product]", "aurion_starter"),
            ("line_items[0][quantity]", "1"), .. interval is null ? Array.Empty<(string, string)>() : [("line_items[0][price_data][recurring][interval]", interval)],
        ];

        public async Task PayPageAsync(string customer, string mode, params (string, string)[] form)
        {
            var session = await AtStripeAsync(HttpMethod.Post, "checkout/sessions", [("mode", mode), ("customer", customer), ("success_url", "https://elsewhere.example/"), .. form]);
            Assert.NotNull(await PayAsync(new Uri(session.GetProperty("url").GetString()!)));
            await SettleAsync();
        }

        public async Task<string> CustomerAtStripeAsync(Guid? user)
        {
            var customer = await IdAsync("customers", ("email", "somebody@test.example"), ("metadata[aurion_user]", $"{user}"));
            var method = await IdAsync("payment_methods/pm_card_visa/attach", ("customer", customer));
            await IdAsync($"customers/{customer}", ("invoice_settings[default_payment_method]", method));
            return customer;
        }

        public async Task<string> SubscribeAsync(string customer, Guid? user, string price, int quantity = 1, params (string, string)[] more)
        {
            var id = await IdAsync("subscriptions", [("customer", customer), ("items[0][price]", price), ("items[0][quantity]", $"{quantity}"), .. user is null ? more : [("metadata[aurion_user]", $"{user}")]]);
            await SettleAsync();
            return id;
        }

        public async Task ExpectFreeAsync(TestUser user)
        {
            var account = await AccountAsync(user);
            Assert.Equal(("free", 100, 0), (account.Plan, account.Total, account.Used));
        }

        /// <summary>As long as an event that found nothing is tried again.</summary>
        public async Task BePatientAsync()
        {
            for (var hours = 0; hours < 14; hours++)
                await AdvanceAsync(TimeSpan.FromHours(1));
        }

        public async Task ExpectParkedAsync(string id)
        {
            await BePatientAsync();
            Assert.True(await ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE object_id = @id AND state = 'failed' AND reason LIKE '%belongs to no account'", new { id }) > 0);
            Assert.Equal(0, await ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state IN ('received', 'processing')"));
        }
    }
}
