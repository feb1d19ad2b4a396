using Aurion.Sandbox.Stripe.Seed;

namespace Aurion.Sandbox.Tests.Stripe;

public sealed class SeedTests(StripeShop sandbox) : IClassFixture<StripeShop>
{
    [Fact]
    public async Task People_get_a_past_that_the_api_tells_and_no_endpoint_hears_of()
    {
        var price = await sandbox.GivenPriceAsync(900);
        var now = sandbox.Clock.GetUtcNow();
        await sandbox.Stripe.DeliverAsync();
        sandbox.Hooks.Forget();

        var seeded = await sandbox.Stripe.SeedAsync(
        [
            new("free@test.example", "Free"),
            new("loyal@test.example", "Loyal") { Subscription = new(price.Id(), now.AddMonths(-6).AddDays(-3)) { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["aurion_user"] = "7" } } },
            new("late@test.example", "Late") { Subscription = new(price.Id(), now.AddMonths(-2).AddDays(-2)) { LastRenewalFails = true } },
            new("gone@test.example", "Gone") { Subscription = new(price.Id(), now.AddMonths(-5)) { CanceledAt = now.AddMonths(-2).AddDays(-5) } },
            new("leaving@test.example", "Leaving") { Subscription = new(price.Id(), now.AddDays(-10)) { CancelAtPeriodEnd = true } },
        ]);
        await sandbox.Stripe.CatchUpAsync();
        await sandbox.Stripe.DeliverAsync();

        Assert.Empty(sandbox.Hooks.Received);
        Assert.Null(seeded[0].Subscription);
        Assert.Equal(["active", "past_due", "canceled", "active"], seeded.Skip(1).Select(s => s.Subscription!.Status));
        Assert.Equal(7, seeded[1].Subscription!.Invoices.Count(i => i.AmountPaid == 900));
        Assert.Equal("open", seeded[2].Subscription!.Invoices[^1].Status);
        Assert.Equal(3, seeded[3].Subscription!.Invoices.Count);
        var loyal = await sandbox.ReadAsync($"subscriptions/{seeded[1].Subscription!.Id}?expand[]=latest_invoice.payments.data.payment.payment_intent.latest_charge");
        Assert.Equal(("7", "succeeded"), (loyal.Text("metadata.aurion_user"), loyal.Text("latest_invoice.payments.data.0.payment.payment_intent.latest_charge.status")));
        Assert.True((await sandbox.ReadAsync("subscriptions/" + seeded[4].Subscription!.Id))["cancel_at_period_end"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_seeded_subscription_renews_like_any_other()
    {
        var price = await sandbox.GivenPriceAsync(900);
        var seeded = (await sandbox.Stripe.SeedAsync([new("next@test.example", "Next") { Subscription = new(price.Id(), sandbox.Clock.GetUtcNow().AddDays(-20)) }]))[0].Subscription!;

        await sandbox.AdvanceAsync(TimeSpan.FromDays(13));

        Assert.Equal(["paid", "paid"], (await sandbox.ReadAsync($"invoices?subscription={seeded.Id}")).Data().Select(i => i.Text("status")));
    }
}
