using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Another product sells in the same Stripe account: its events are recognised at once and are nobody's trouble.</summary>
public sealed class ForeignEventTests(ForeignEventTests.App app) : IClassFixture<ForeignEventTests.App>
{
    private const string Reason = "another product of this Stripe account: neither its customer nor its price is ours";

    [Fact]
    public async Task A_subscription_of_another_product_is_ignored_at_once_with_the_true_reason()
    {
        var (customer, price) = (await app.StrangerAsync(), await app.ForeignPriceAsync(recurring: true));

        var subscription = await app.IdAsync("subscriptions", ("customer", customer), ("items[0][price]", price));
        await app.SettleAsync();

        await app.ExpectIgnoredAsync("object_id = @id", subscription, Reason);
        await app.ExpectIgnoredAsync("customer_id = @id AND object_kind = 'invoice' AND type <> 'invoice.created' AND type <> 'invoice.updated'", customer, Reason);
        Assert.Empty(await app.QueryAsync<string>("SELECT id FROM stripe_events WHERE state IN ('failed', 'received')"));
        Assert.Empty(await app.ReconcileAsync());
    }

    [Fact]
    public async Task A_payment_page_without_a_customer_is_ignored_at_once()
    {
        var session = await app.AtStripeAsync(HttpMethod.Post, "checkout/sessions", ("mode", "payment"), ("success_url", "https://elsewhere.example/"),
            ("line_items[0][price]", await app.ForeignPriceAsync(recurring: false)), ("line_items[0][quantity]", "1"));
        Assert.NotNull(await app.PayAsync(new Uri(session.GetProperty("url").GetString()!)));
        await app.SettleAsync();

        await app.ExpectIgnoredAsync("object_id = @id", session.GetProperty("id").GetString()!, Reason);
    }

    [Fact]
    public async Task A_reference_that_the_payer_chose_adopts_no_customer()
    {
        var user = await app.GivenUserAsync(credits: 0);
        var stranger = await app.StrangerAsync();
        var pack = await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE pack_id = 'small' AND active");
        var session = await app.AtStripeAsync(HttpMethod.Post, "checkout/sessions", ("mode", "payment"), ("customer", stranger), ("client_reference_id", $"{user.Id}"),
            ("success_url", "https://elsewhere.example/"), ("line_items[0][price]", pack), ("line_items[0][quantity]", "1"));
        Assert.NotNull(await app.PayAsync(new Uri(session.GetProperty("url").GetString()!)));
        await app.SettleAsync();

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_customers WHERE customer_id = @stranger", new { stranger }));
        Assert.Equal(0, (await app.AccountAsync(user)).Bonus);
        // It sells what is ours to somebody whom we do not know: that is an operator's matter in the end.
        Assert.Equal("received", await app.ScalarAsync<string>("SELECT state FROM stripe_events WHERE type = 'checkout.session.completed' AND customer_id = @stranger", new { stranger }));
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'ignored' WHERE customer_id = @stranger", new { stranger });
    }

    public sealed class App : PayerApp
    {
        public async Task<string> StrangerAsync()
        {
            var customer = await IdAsync("customers", ("email", "stranger@elsewhere.example"));
            var method = await IdAsync("payment_methods/pm_card_visa/attach", ("customer", customer));
            await IdAsync($"customers/{customer}", ("invoice_settings[default_payment_method]", method));
            return customer;
        }

        public async Task<string> ForeignPriceAsync(bool recurring) => await IdAsync("prices",
            [("product", await IdAsync("products", ("name", "Something else"))), ("currency", "usd"), ("unit_amount", "700"), .. recurring ? [("recurring[interval]", "month")] : Array.Empty<(string, string)>()]);

        public async Task ExpectIgnoredAsync(string which, string id, string reason)
        {
            var seen = await QueryAsync<(string, string, int)>($"SELECT state, reason, attempts FROM stripe_events WHERE {which} AND reason NOT LIKE '%changes no account'", new { id });
            Assert.NotEmpty(seen);
            Assert.All(seen, e => Assert.Equal(("ignored", reason, 1), e));
        }

        public async Task<IReadOnlyList<string>> ReconcileAsync()
        {
            var lines = new List<string>();
            await Service<BillingReconciler>().RunAsync(repair: false, endMissing: false, lines.Add, CancellationToken.None);
            return lines;
        }
    }
}
