using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Tests.Stripe;

public sealed class PortalTests(StripeShop sandbox) : IClassFixture<StripeShop>
{
    private async Task<(JsonObject Subscription, string Url)> OpenAsync(JsonObject starter, JsonObject plus)
    {
        await sandbox.MakeAsync("billing_portal/configurations", StripeShop.Form(
            ("features[invoice_history][enabled]", true), ("features[payment_method_update][enabled]", true), ("features[subscription_cancel][enabled]", true),
            ("features[subscription_update][enabled]", true), ("features[subscription_update][default_allowed_updates][0]", "price"), ("features[subscription_update][proration_behavior]", "always_invoice"),
            ("features[subscription_update][products][0][product]", plus.Text("product")), ("features[subscription_update][products][0][prices][0]", plus.Id())));
        var configuration = (await sandbox.ReadAsync("billing_portal/configurations?limit=1")).Data()[0].Id();
        var customer = await sandbox.GivenCustomerAsync();
        var subscription = await sandbox.GivenSubscriptionAsync(customer, starter);
        var session = await sandbox.MakeAsync("billing_portal/sessions", new { customer = customer.Id(), configuration, return_url = "https://shop.example/billing" });
        return (subscription, session.Text("url"));
    }

    [Fact]
    public async Task The_portal_cancels_resumes_changes_the_plan_and_the_card()
    {
        var (starter, plus) = (await sandbox.GivenPriceAsync(900, name: "Starter"), await sandbox.GivenPriceAsync(2900, name: "Plus"));
        var (subscription, url) = await OpenAsync(starter, plus);

        Assert.Contains("https://shop.example/billing", (await sandbox.GetPageAsync(url)).Html);
        await sandbox.PostPageAsync(url + "/cancel", new { });
        Assert.True((await sandbox.ReadAsync("subscriptions/" + subscription.Id()))["cancel_at_period_end"]!.GetValue<bool>());
        await sandbox.PostPageAsync(url + "/resume", new { });
        await sandbox.PostPageAsync(url + "/update", new { price = plus.Id() });
        await sandbox.PostPageAsync(url + "/card", new { number = "5555555555554444", expiration = "12/34", cvc = "123", name = "Ann" });

        var after = await sandbox.ReadAsync($"subscriptions/{subscription.Id()}?expand[]=default_payment_method");
        Assert.False(after["cancel_at_period_end"]!.GetValue<bool>());
        Assert.Equal((plus.Id(), "4444"), (after.Text("items.data.0.price.id"), after.Text("default_payment_method.card.last4")));
        Assert.Contains("Résilier l’abonnement", (await sandbox.GetPageAsync(url, "fr")).Html);
    }

    [Fact]
    public async Task A_price_that_is_not_offered_cannot_be_chosen()
    {
        var (starter, plus) = (await sandbox.GivenPriceAsync(900), await sandbox.GivenPriceAsync(2900));
        var (subscription, url) = await OpenAsync(starter, plus);
        var secret = await sandbox.GivenPriceAsync(1);

        await sandbox.PostPageAsync(url + "/update", new { price = secret.Id() });

        Assert.Equal(starter.Id(), (await sandbox.ReadAsync("subscriptions/" + subscription.Id())).Text("items.data.0.price.id"));
    }
}
