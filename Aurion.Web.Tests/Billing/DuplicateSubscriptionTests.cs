using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Starter was bought; then a payment page for Plus, $29, is paid as well.</summary>
public sealed class DuplicateSubscriptionTests(PackApp app) : IClassFixture<PackApp>
{
    [Fact]
    public async Task The_second_is_ended_and_refunded_and_the_person_told_while_the_first_stays_as_it_is()
    {
        var (user, second) = await GivenTwoAsync();
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE user_id = @Id AND type = 'customer.subscription.created' AND state = 'failed'", new { user.Id }));

        await RunAsync();
        await ExpectUndoneAsync(user, second);

        await RunAsync();
        await ExpectUndoneAsync(user, second);
        var drift = new List<string>();
        await app.Service<BillingReconciler>().RunAsync(repair: false, endMissing: false, drift.Add, CancellationToken.None);
        Assert.Empty(drift);
    }

    [Theory]
    [InlineData("DELETE /v1/subscriptions/*", CallFaultKind.Unavailable)]
    [InlineData("DELETE /v1/subscriptions/*", CallFaultKind.ErrorAfterEffect)]
    [InlineData("DELETE /v1/subscriptions/*", CallFaultKind.Error)]
    [InlineData("POST /v1/refunds", CallFaultKind.Unavailable)]
    [InlineData("POST /v1/refunds", CallFaultKind.ErrorAfterEffect)]
    [InlineData("POST /v1/refunds", CallFaultKind.Error)]
    public async Task A_call_that_fails_half_way_is_made_up_for_and_nothing_goes_back_twice(string call, CallFaultKind kind)
    {
        var (user, second) = await GivenTwoAsync();
        using (app.Stripe.Faults.OnCall(call, kind, times: kind == CallFaultKind.Unavailable ? 10 : 2))
            await RunAsync();

        await RunAsync();

        await ExpectUndoneAsync(user, second);
    }

    [Fact]
    public async Task When_the_first_has_ended_meanwhile_the_second_takes_its_place_and_stays_paid()
    {
        var (user, second) = await GivenTwoAsync();
        app.Stripe.Faults.Hold = true;
        await app.AtStripeAsync(HttpMethod.Delete, $"subscriptions/{(await app.AccountAsync(user)).Subscription}");

        await RunAsync();
        app.Stripe.Faults.Hold = false;
        await app.SettleAsync();

        Assert.Equal(("plus", 5000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
        Assert.Equal("active", await StatusAsync(second));
        Assert.Equal(0, await RefundedAsync(user));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM duplicate_subscriptions WHERE user_id = @Id", new { user.Id }));
    }

    private async Task<(TestUser User, string Second)> GivenTwoAsync()
    {
        var user = await app.GivenSubscriberAsync("starter");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var plus = await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = 'plus' AND billing_interval = 'month' AND active");
        var page = await app.AtStripeAsync(HttpMethod.Post, "checkout/sessions", ("mode", "subscription"), ("customer", await app.CustomerAsync(user)), ("client_reference_id", $"{user.Id}"),
            ("line_items[0][price]", plus), ("line_items[0][quantity]", "1"), ("success_url", "https://elsewhere.example/"));
        Assert.NotNull(await app.PayAsync(new Uri(page.GetProperty("url").GetString()!)));
        await app.SettleAsync();
        Assert.Equal(("starter", 1000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
        var second = (await app.AtStripeAsync(HttpMethod.Get, $"checkout/sessions/{page.GetProperty("id").GetString()}")).GetProperty("subscription").GetString()!;
        return (user, second);
    }

    private async Task RunAsync()
    {
        await app.Service<UndoDuplicatesJob>().RunAsync(CancellationToken.None);
        await app.SettleAsync();
    }

    private async Task ExpectUndoneAsync(TestUser user, string second)
    {
        Assert.Equal("canceled", await StatusAsync(second));
        Assert.Equal(2900, await RefundedAsync(user));
        var account = await app.AccountAsync(user);
        Assert.Equal(("starter", "active", 1000, 0, 0), (account.Plan, account.Status, account.Total, account.Used, account.Bonus));
        Assert.Equal(["2900"], await app.QueryAsync<string>("SELECT facts ->> 'cents' FROM mails WHERE user_id = @Id AND kind = 'duplicate_refund'", new { user.Id }));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE user_id = @Id AND state = 'failed'", new { user.Id }));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
    }

    private async Task<string?> StatusAsync(string subscription) => (await app.AtStripeAsync(HttpMethod.Get, $"subscriptions/{subscription}")).GetProperty("status").GetString();

    private async Task<int> RefundedAsync(TestUser user) =>
        (await app.AtStripeAsync(HttpMethod.Get, $"charges?customer={await app.CustomerAsync(user)}")).GetProperty("data").EnumerateArray().Sum(charge => charge.GetProperty("amount_refunded").GetInt32());
}
