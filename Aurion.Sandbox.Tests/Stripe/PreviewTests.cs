using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Tests.Stripe;

/// <summary>What <c>create_preview</c> says is what the update bills: every pair of plans, on the first, a middle and the last day.</summary>
public sealed class PreviewTests(PreviewTests.Shop shop) : IClassFixture<PreviewTests.Shop>
{
    private static readonly string[] Plans = ["starter_month", "starter_year", "plus_month", "plus_year", "pro_month", "pro_year"];

    public static TheoryData<string, string, int> Changes()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var from in Plans)
            foreach (var to in Plans.Where(p => p != from))
                foreach (var seconds in new[] { 0, (11 * 86400) + 4567, (31 * 86400) - 1 })
                    data.Add(from, to, seconds);
        return data;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_preview_equals_what_the_change_then_bills(string from, string to, int seconds)
    {
        var start = DateTimeOffset.UnixEpoch.AddYears(60).ToUnixTimeSeconds();
        var clock = await shop.MakeAsync("test_helpers/test_clocks", new { frozen_time = start });
        var customer = await shop.MakeAsync("customers", StripeShop.Form(("test_clock", clock.Id()), ("email", "a@test.example")));
        await shop.GiveCardAsync(customer.Id(), "pm_card_visa");
        var subscription = await shop.GivenSubscriptionAsync(customer, shop.Prices[from]);
        if (seconds > 0)
            await AdvanceAsync(clock, start + seconds);
        var item = subscription.Text("items.data.0.id");
        var preview = await shop.MakeAsync("invoices/create_preview", StripeShop.Form([("subscription", subscription.Id()), .. Change("subscription_details[items]", "subscription_details[proration_behavior]", item, to)]));
        var before = await shop.ReadAsync("customers/" + customer.Id());
        var updated = await shop.MakeAsync("subscriptions/" + subscription.Id(), StripeShop.Form([.. Change("items", "proration_behavior", item, to), ("payment_behavior", "pending_if_incomplete"), ("expand[]", "latest_invoice")]));

        var billed = updated["latest_invoice"]!;
        Assert.Equal(0, before.Number("balance"));
        Assert.Equal(Lines(billed), Lines(preview));
        foreach (var amount in new[] { "subtotal", "total", "amount_due", "starting_balance" })
            Assert.Equal(billed.Number(amount), preview.Number(amount));
        Assert.Equal("paid", billed.Text("status"));
        Assert.Equal(shop.Prices[to].Id(), updated.Text("items.data.0.price.id"));
        Assert.Equal(Math.Min(0, billed.Number("total")), (await shop.ReadAsync("customers/" + customer.Id())).Number("balance"));
        Assert.Equal(0, billed.Data("lines.data").Sum(l => l.Number("amount")) - billed.Number("total"));
    }

    private (string, object)[] Change(string items, string proration, string item, string to) =>
        [($"{items}[0][id]", item), ($"{items}[0][price]", shop.Prices[to].Id()), (proration, "always_invoice")];

    private static IEnumerable<string> Lines(JsonNode invoice) =>
        invoice.Data("lines.data").Select(l => $"{l.Text("description")}|{l.Number("amount")}|{l.Text("pricing.price_details.price")}|{l.Number("period.start")}-{l.Number("period.end")}");

    private async Task AdvanceAsync(JsonObject clock, long to)
    {
        await shop.MakeAsync($"test_helpers/test_clocks/{clock.Id()}/advance", new { frozen_time = to });
        await Eventually.HoldsAsync(async () => (await shop.ReadAsync("test_helpers/test_clocks/" + clock.Id())).Text("status") == "ready", "the test clock has arrived");
    }

    public sealed class Shop : StripeShop, IAsyncLifetime
    {
        public Dictionary<string, JsonObject> Prices { get; } = [];

        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            foreach (var (plan, month) in new[] { ("starter", 900L), ("plus", 2900L), ("pro", 9900L) })
            {
                Prices[plan + "_month"] = await GivenPriceAsync(month, "month", plan);
                Prices[plan + "_year"] = await GivenPriceAsync(month * 10, "year", plan);
            }
        }
    }
}
