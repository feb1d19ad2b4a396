using System.Globalization;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Tests.Stripe;

public sealed class SubscriptionLifeTests : IAsyncLifetime
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);
    private readonly Started sandbox = new();

    public Task InitializeAsync() => sandbox.InitializeAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task A_subscription_of_31_January_keeps_its_day_through_a_leap_february()
    {
        var customer = await sandbox.GivenCustomerAsync();
        var subscription = await sandbox.GivenSubscriptionAsync(customer, await sandbox.GivenPriceAsync(900));

        await sandbox.AdvanceAsync(TimeSpan.FromDays(425.1));

        var invoices = (await sandbox.ReadAsync($"invoices?subscription={subscription.Id()}&limit=100")).Data();
        var ends = invoices.Reverse().Select(i => Day(i.Number("lines.data.0.period.end")));
        Assert.Equal(
            ["02-29", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31", "01-31", "02-28", "03-31", "04-30"], ends.Select(d => d[5..]));
        Assert.All(invoices, i => Assert.Equal(("paid", 900L), (i.Text("status"), i.Number("amount_paid"))));
        Assert.Equal(900 * 15, (await sandbox.ReadAsync($"charges?customer={customer.Id()}&limit=100")).Data().Sum(c => c.Number("amount")));
    }

    [Fact]
    public async Task A_renewal_is_drafted_at_the_period_end_and_charged_an_hour_later_with_events_of_those_times()
    {
        await sandbox.GivenSubscriptionAsync(await sandbox.GivenCustomerAsync(), await sandbox.GivenPriceAsync(900));
        await sandbox.Stripe.DeliverAsync();
        sandbox.Hooks.Forget();

        await sandbox.AdvanceAsync(TimeSpan.FromDays(30));

        Assert.Equal(
            ["invoice.created 2028-02-29 10:00", "customer.subscription.updated 2028-02-29 10:00", "invoice.finalized 2028-02-29 11:00", "payment_intent.created 2028-02-29 11:00",
             "charge.succeeded 2028-02-29 11:00", "payment_intent.succeeded 2028-02-29 11:00", "invoice_payment.paid 2028-02-29 11:00", "invoice.updated 2028-02-29 11:00",
             "invoice.paid 2028-02-29 11:00", "invoice.payment_succeeded 2028-02-29 11:00"],
            sandbox.Hooks.Received.Select(e => $"{e.Text("type")} {Minute(e.Number("created"))}"));
    }

    [Fact]
    public async Task A_failed_renewal_is_tried_again_after_3_5_and_7_days_and_then_ends_the_subscription()
    {
        var customer = await sandbox.GivenCustomerAsync();
        var subscription = await sandbox.GivenSubscriptionAsync(customer, await sandbox.GivenPriceAsync(900));
        await sandbox.GiveCardAsync(customer.Id(), "pm_card_chargeCustomerFail");

        await sandbox.AdvanceAsync(TimeSpan.FromDays(30));
        var late = await sandbox.ReadAsync("subscriptions/" + subscription.Id());
        await sandbox.AdvanceAsync(TimeSpan.FromDays(16));
        var over = await sandbox.ReadAsync($"subscriptions/{subscription.Id()}?expand[]=latest_invoice");

        Assert.Equal("past_due", late.Text("status"));
        Assert.Equal(("canceled", "payment_failed", "open"), (over.Text("status"), over.Text("cancellation_details.reason"), over.Text("latest_invoice.status")));
        Assert.Equal(["2028-02-29 11:00", "2028-03-03 11:00", "2028-03-08 11:00", "2028-03-15 11:00"],
            sandbox.Hooks.Received.Where(e => e.Text("type") == "invoice.payment_failed").Select(e => Minute(e.Number("created"))));
        Assert.Equal("customer.subscription.deleted", sandbox.Hooks.Types[^1]);
    }

    [Fact]
    public async Task A_new_card_on_the_hosted_invoice_recovers_a_past_due_subscription()
    {
        var customer = await sandbox.GivenCustomerAsync();
        var subscription = await sandbox.GivenSubscriptionAsync(customer, await sandbox.GivenPriceAsync(900));
        await sandbox.GiveCardAsync(customer.Id(), "pm_card_chargeCustomerFail");
        await sandbox.AdvanceAsync(TimeSpan.FromDays(30));
        var invoice = (await sandbox.ReadAsync($"subscriptions/{subscription.Id()}?expand[]=latest_invoice")).At("latest_invoice")!;

        await sandbox.PostPageAsync(invoice.Text("hosted_invoice_url"), new { number = "4242424242424242", expiration = "12/34", cvc = "123", name = "Ann" });
        await sandbox.AdvanceAsync(TimeSpan.FromDays(40));

        var invoices = (await sandbox.ReadAsync($"invoices?subscription={subscription.Id()}")).Data();
        Assert.Equal("active", (await sandbox.ReadAsync("subscriptions/" + subscription.Id())).Text("status"));
        Assert.Equal(["paid", "paid", "paid"], invoices.Select(i => i.Text("status")));
        Assert.StartsWith("%PDF-1.4", (await sandbox.GetPageAsync(invoice.Text("invoice_pdf"))).Html);
    }

    [Fact]
    public async Task A_first_payment_that_asks_for_3d_secure_leaves_it_incomplete_and_expires_after_23_hours()
    {
        var customer = await sandbox.MakeAsync("customers", new { email = "ann@test.example" });
        var price = await sandbox.GivenPriceAsync(900);
        await sandbox.GiveCardAsync(customer.Id(), "pm_card_authenticationRequired");
        var first = await sandbox.GivenSubscriptionAsync(customer, price);
        var second = await sandbox.GivenSubscriptionAsync(customer, price);
        Assert.Equal(("incomplete", "incomplete"), (first.Text("status"), second.Text("status")));

        var intent = (await sandbox.ReadAsync($"invoices/{second.Text("latest_invoice")}?expand[]=payments.data.payment.payment_intent")).At("payments.data.0.payment.payment_intent")!;
        var bank = await sandbox.PostPageAsync(intent.Text("next_action.redirect_to_url.url"), new { outcome = "complete" });
        await sandbox.AdvanceAsync(TimeSpan.FromHours(23));

        Assert.Equal("/i/" + second.Text("latest_invoice"), bank.Location);
        Assert.Equal("active", (await sandbox.ReadAsync("subscriptions/" + second.Id())).Text("status"));
        var gone = await sandbox.ReadAsync($"subscriptions/{first.Id()}?expand[]=latest_invoice");
        Assert.Equal(("incomplete_expired", "void"), (gone.Text("status"), gone.Text("latest_invoice.status")));
    }

    [Fact]
    public async Task Cancel_at_period_end_can_be_undone_and_otherwise_ends_it_on_that_second()
    {
        var customer = await sandbox.GivenCustomerAsync();
        var price = await sandbox.GivenPriceAsync(900);
        var kept = await sandbox.GivenSubscriptionAsync(customer, price);
        var left = await sandbox.GivenSubscriptionAsync(customer, price);
        await sandbox.MakeAsync("subscriptions/" + kept.Id(), new { cancel_at_period_end = true });
        await sandbox.MakeAsync("subscriptions/" + left.Id(), new { cancel_at_period_end = true });

        var resumed = await sandbox.MakeAsync("subscriptions/" + kept.Id(), new { cancel_at_period_end = false });
        await sandbox.AdvanceAsync(TimeSpan.FromDays(30));

        Assert.Equal(("", ""), (resumed.Text("cancel_at"), resumed.Text("canceled_at")));
        Assert.Equal("active", (await sandbox.ReadAsync("subscriptions/" + kept.Id())).Text("status"));
        var ended = await sandbox.ReadAsync("subscriptions/" + left.Id());
        Assert.Equal(("canceled", "2028-02-29 10:00"), (ended.Text("status"), Minute(ended.Number("ended_at"))));
    }

    [Fact]
    public async Task A_pending_update_waits_for_its_payment_and_expires_without_it()
    {
        var customer = await sandbox.GivenCustomerAsync();
        var (starter, plus) = (await sandbox.GivenPriceAsync(900), await sandbox.GivenPriceAsync(2900));
        var subscription = await sandbox.GivenSubscriptionAsync(customer, starter);
        await sandbox.GiveCardAsync(customer.Id(), "pm_card_chargeCustomerFail");
        await sandbox.AdvanceAsync(OneDay);

        var waiting = await UpgradeAsync(subscription, plus);
        await sandbox.AdvanceAsync(TimeSpan.FromHours(23));
        var expired = await sandbox.ReadAsync($"subscriptions/{subscription.Id()}?expand[]=latest_invoice");
        var again = await UpgradeAsync(subscription, plus);
        await sandbox.PostPageAsync($"/i/{again.Text("latest_invoice")}", new { number = "4242424242424242", expiration = "12/34", cvc = "123", name = "Ann" });
        var paid = await sandbox.ReadAsync("subscriptions/" + subscription.Id());

        Assert.Equal(("active", starter.Id(), plus.Id()), (waiting.Text("status"), waiting.Text("items.data.0.price.id"), waiting.Text("pending_update.subscription_items.0.price.id")));
        Assert.Equal(("", "void", starter.Id()), (expired.Text("pending_update"), expired.Text("latest_invoice.status"), expired.Text("items.data.0.price.id")));
        Assert.Equal(("", plus.Id(), "active"), (paid.Text("pending_update"), paid.Text("items.data.0.price.id"), paid.Text("status")));
    }

    private Task<JsonObject> UpgradeAsync(JsonObject subscription, JsonObject price) => sandbox.MakeAsync("subscriptions/" + subscription.Id(), StripeShop.Form(
        ("items[0][id]", subscription.Text("items.data.0.id")), ("items[0][price]", price.Id()), ("proration_behavior", "always_invoice"), ("payment_behavior", "pending_if_incomplete")));

    [Fact]
    public async Task A_schedule_changes_the_price_exactly_at_the_period_end()
    {
        var (plus, starter) = (await sandbox.GivenPriceAsync(2900), await sandbox.GivenPriceAsync(900));
        var subscription = await sandbox.GivenSubscriptionAsync(await sandbox.GivenCustomerAsync(), plus);
        var schedule = await sandbox.MakeAsync("subscription_schedules", new { from_subscription = subscription.Id() });
        var end = schedule.Number("phases.0.end_date");
        await sandbox.MakeAsync("subscription_schedules/" + schedule.Id(), StripeShop.Form(
            ("end_behavior", "release"), ("phases[0][start_date]", schedule.Number("phases.0.start_date")), ("phases[0][end_date]", end), ("phases[0][items][0][price]", plus.Id()),
            ("phases[1][start_date]", end), ("phases[1][items][0][price]", starter.Id()), ("phases[1][proration_behavior]", "none")));

        await sandbox.AdvanceAsync(TimeSpan.FromDays(62));

        var after = await sandbox.ReadAsync($"subscriptions/{subscription.Id()}?expand[]=latest_invoice");
        var invoices = (await sandbox.ReadAsync($"invoices?subscription={subscription.Id()}")).Data();
        Assert.Equal((starter.Id(), ""), (after.Text("items.data.0.price.id"), after.Text("schedule")));
        Assert.Equal([900, 900, 2900], invoices.Select(i => i.Number("amount_paid")));
        Assert.Equal("completed", (await sandbox.ReadAsync("subscription_schedules/" + schedule.Id())).Text("status"));
    }

    private static string Day(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Minute(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private sealed class Started : StripeShop
    {
        protected override DateTimeOffset? StartsAt => new DateTimeOffset(2028, 1, 31, 10, 0, 0, TimeSpan.Zero);
    }
}
