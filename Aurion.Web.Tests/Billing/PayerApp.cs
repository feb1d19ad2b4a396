using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>People who pay without the way through Stripe's page: for proofs that need very many of them.</summary>
public class PayerApp : BillingApp
{
    protected override bool StripeRunsByItself => false;

    /// <summary>Somebody whose card works and who has paid for a plan.</summary>
    public async Task<TestUser> GivenPayerAsync(string plan, string interval = "month")
    {
        var user = await GivenUserAsync();
        var customer = await IdAsync("customers", ("email", user.Email), ("metadata[aurion_user]", $"{user.Id}"));
        await SubscribeAsync(user, customer, plan, interval);
        await SettleAsync();
        return user;
    }

    protected async Task SubscribeAsync(TestUser user, string customer, string plan, string interval)
    {
        var method = await IdAsync("payment_methods/pm_card_visa/attach", ("customer", customer));
        await IdAsync("subscriptions", ("customer", customer), ("default_payment_method", method), ("metadata[aurion_user]", $"{user.Id}"),
            ("items[0][price]", await PriceAsync(plan, interval)));
    }

    public Task<string> PriceAsync(string plan, string interval = "month") => ScalarAsync<string>(
        "SELECT price_id FROM stripe_prices WHERE plan_type = @plan AND billing_interval = @interval AND active", new { plan, interval });

    public Task<string> CustomerAsync(TestUser user) => ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id });

    /// <summary>Puts another card behind the subscription, as on Stripe's own page for cards.</summary>
    public async Task CardAsync(TestUser user, string card)
    {
        var method = await IdAsync($"payment_methods/{card}/attach", ("customer", await CustomerAsync(user)));
        await IdAsync($"subscriptions/{(await AccountAsync(user)).Subscription}", ("default_payment_method", method));
    }

    /// <summary>The subscription that Stripe would still bill.</summary>
    public Task<string?> LiveAsync(TestUser user) =>
        ScalarAsync<string?>("SELECT subscription_id FROM user_subscriptions WHERE user_id = @Id AND status NOT IN ('canceled', 'incomplete_expired')", new { user.Id });

    /// <summary>Ends the subscription at Stripe, so that nobody has to renew it any more.</summary>
    public async Task EndAsync(TestUser user)
    {
        if (await LiveAsync(user) is { } subscription)
            await AtStripeAsync(HttpMethod.Delete, $"subscriptions/{subscription}");
    }

    public async Task<string> IdAsync(string path, params (string, string)[] form) =>
        (await AtStripeAsync(HttpMethod.Post, path, form)).GetProperty("id").GetString()!;
}
