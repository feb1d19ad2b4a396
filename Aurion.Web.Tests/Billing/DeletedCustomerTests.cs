using System.Net;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>A customer can be deleted at Stripe, or belong to keys that were exchanged: who wants to pay still can.</summary>
public sealed class DeletedCustomerTests(PackApp app) : IClassFixture<PackApp>
{
    [Fact]
    public async Task Who_was_deleted_at_Stripe_buys_a_plan_as_a_new_customer()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var old = await DeleteAsync(user);
        await app.AdvanceAsync(TimeSpan.FromDays(40));
        Assert.Equal("free", (await app.AccountAsync(user)).Plan);

        await app.PayAsync(await app.OpenCheckoutAsync(await app.SignInAsync(user.Id, user.Email), "plus"));
        await app.SettleAsync();

        Assert.Equal((5000, "plus", "active"), await PlanAsync(user));
        Assert.NotEqual(old, await app.CustomerAsync(user));
        Assert.Equal($"{user.Id}", (await app.AtStripeAsync(HttpMethod.Get, $"customers/{await app.CustomerAsync(user)}")).GetProperty("metadata").GetProperty("aurion_user").GetString());
    }

    [Fact]
    public async Task Ten_wishes_at_once_make_one_new_customer_and_one_page()
    {
        var user = await app.GivenUserAsync();
        await app.OpenCheckoutAsync(user, "starter");
        await DeleteAsync(user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.WithToken(user).PostJsonAsync("/api/create-checkout", new { plan = "plus" })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(1, (await app.AtStripeAsync(HttpMethod.Get, $"customers?email={Uri.EscapeDataString(user.Email)}")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Who_still_asks_for_the_deleted_customer_gets_the_page_that_its_successor_has()
    {
        var user = await app.GivenUserAsync();
        await app.OpenCheckoutAsync(user, "starter");
        var old = await DeleteAsync(user);
        var page = await app.OpenCheckoutAsync(user, "plus");
        var (operation, session, price) = (await app.QueryAsync<(Guid, string, string)>("SELECT operation_id, session_id, price_id FROM purchases WHERE user_id = @Id AND status = 'open'", new { user.Id }))[0];
        var late = new CheckoutRequest(operation, user.Id, old, price, "http://127.0.0.1:5080/billing/return", "http://127.0.0.1:5080/pricing", "en");
        var stripe = app.Service<StripeGateway>();

        await Assert.ThrowsAsync<StripeRefusedException>(() => stripe.OpenCheckoutAsync(late, CancellationToken.None));
        var opened = await stripe.OpenCheckoutAsync(late with { CustomerId = await app.CustomerAsync(user) }, CancellationToken.None);

        Assert.Equal((session, page.OriginalString), (opened.Id, opened.Url));
    }

    [Fact]
    public async Task The_same_customer_kept_by_many_at_once_is_kept_once_and_nobody_is_refused()
    {
        var store = app.Service<CustomerStore>();
        string? before = null;
        var user = await app.GivenUserAsync();
        for (var round = 0; round < 100; round++)
        {
            // A new person each time in the first half, then one whose customer is replaced again and again.
            if (round <= 50)
                (user, before) = (await app.GivenUserAsync(), null);
            var (customer, replaced) = ($"cus_round{round}", before);
            var kept = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => store.KeepCustomerAsync(user.Id, customer, replaced))));
            Assert.All(kept, name => Assert.Equal(customer, name));
            before = customer;
        }
    }

    [Fact]
    public async Task What_is_still_heard_of_the_deleted_customer_is_its_persons()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.PayAsync(await app.OpenPackAsync(user));
        await app.SettleAsync();
        var firstPack = await app.ScalarAsync<string>("SELECT payment_intent_id FROM purchases WHERE user_id = @Id AND kind = 'pack'", new { user.Id });
        await DeleteAsync(user);

        // The new customer is there before the end of the plan is heard of, and before the first pack is paid back.
        await app.PayAsync(await app.OpenPackAsync(user));
        await app.AtStripeAsync(HttpMethod.Post, "refunds", ("payment_intent", firstPack));
        await app.SettleAsync();

        Assert.Equal((1000, "starter", "canceled"), await PlanAsync(user));
        Assert.Equal(new Packs(2, 1000, 1000, 0, 0), await app.PacksAsync(user));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state NOT IN ('done', 'ignored')"));
    }

    [Fact]
    public async Task A_card_is_saved_and_cards_and_invoices_are_asked_for_without_an_error()
    {
        var user = await app.GivenBuyerAsync();
        await DeleteAsync(user);

        var portal = await app.SignedInAs(user).PostFormAsync("/billing/portal", from: "/billing");
        var card = await app.SignedInAs(user).PostFormAsync("/billing/top-up/card", from: "/billing/top-up");

        Assert.Equal("/billing", portal.Headers.Location?.ToString());
        Assert.StartsWith(app.Stripe.Address, card.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_card_of_the_deleted_customer_is_no_longer_shown_as_the_one_that_pays_top_ups()
    {
        var user = await app.GivenUserAsync();
        await app.PayAsync(await app.OpenPackAsync(user, keepCard: true));
        await app.SettleAsync();
        Assert.Contains("4242", await TopUpPageAsync(), StringComparison.Ordinal);
        await DeleteAsync(user);

        await app.OpenPackAsync(user);
        Assert.DoesNotContain("4242", await TopUpPageAsync(), StringComparison.Ordinal);
        await app.PayAsync(await app.OpenPackAsync(user, keepCard: true), card: "5555555555554444");
        await app.SettleAsync();
        Assert.Contains("4444", await TopUpPageAsync(), StringComparison.Ordinal);

        async Task<string> TopUpPageAsync() => (await app.SignedInAs(user).GetPageAsync("/billing/top-up")).QuerySelector("main")!.TextContent;
    }

    private async Task<string> DeleteAsync(TestUser user)
    {
        var customer = await app.CustomerAsync(user);
        await app.AtStripeAsync(HttpMethod.Delete, $"customers/{customer}");
        return customer;
    }

    private async Task<(int, string, string)> PlanAsync(TestUser user)
    {
        var account = await app.AccountAsync(user);
        return (account.Total, account.Plan, account.Status);
    }
}
