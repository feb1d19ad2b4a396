using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Tests.Stripe;

/// <summary>Trials, and the two things that Stripe calls a pause.</summary>
public sealed class TrialAndPauseTests : IAsyncLifetime
{
    private readonly StripeShop sandbox = new();

    public Task InitializeAsync() => sandbox.InitializeAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task A_trial_costs_nothing_is_announced_three_days_before_its_end_and_is_then_charged()
    {
        var trial = await TryAsync(await sandbox.GivenCustomerAsync(), ("trial_period_days", 10));
        var end = trial.Number("trial_end");
        Assert.Equal(("trialing", 864_000L, end), (trial.Text("status"), end - trial.Number("trial_start"), trial.Number("items.data.0.current_period_end")));
        Assert.Equal([("paid", 0L)], await InvoicesAsync(trial));

        await AdvanceAsync(TimeSpan.FromDays(7));
        Assert.Equal(["customer.subscription.trial_will_end"], Heard("trial_will_end"));
        await AdvanceAsync(TimeSpan.FromDays(3) + TimeSpan.FromHours(2));

        var active = await sandbox.ReadAsync("subscriptions/" + trial.Id());
        Assert.Equal(("active", end), (active.Text("status"), active.Number("items.data.0.current_period_start")));
        Assert.Equal([("paid", 900L), ("paid", 0L)], await InvoicesAsync(trial));
        Assert.Equal(["customer.subscription.trial_will_end"], Heard("trial_will_end"));
    }

    [Theory]
    [InlineData("create_invoice", "past_due", "open")]
    [InlineData("cancel", "canceled", "paid")]
    [InlineData("pause", "paused", "paid")]
    public async Task Without_a_card_a_trial_ends_as_was_said(string behavior, string status, string latestInvoice)
    {
        var trial = await TryAsync(await sandbox.MakeAsync("customers", new { email = "ann@test.example" }), ("trial_period_days", 2), ("trial_settings[end_behavior][missing_payment_method]", behavior));
        Assert.Equal(behavior, trial.Text("trial_settings.end_behavior.missing_payment_method"));

        await AdvanceAsync(TimeSpan.FromDays(2) + TimeSpan.FromHours(2));

        Assert.Equal(status, (await sandbox.ReadAsync("subscriptions/" + trial.Id())).Text("status"));
        Assert.Equal(latestInvoice, (await InvoicesAsync(trial))[0].Status);
        Assert.Equal(status == "paused" ? ["customer.subscription.paused"] : [], Heard("paused"));
    }

    [Fact]
    public async Task A_paused_subscription_is_resumed_with_a_card_and_not_without()
    {
        var customer = await sandbox.MakeAsync("customers", new { email = "ann@test.example" });
        var trial = await TryAsync(customer, ("trial_period_days", 1), ("trial_settings[end_behavior][missing_payment_method]", "pause"));
        await AdvanceAsync(TimeSpan.FromDays(20));

        Assert.Equal(400, (await sandbox.PostAsync($"subscriptions/{trial.Id()}/resume")).Status);
        await sandbox.GiveCardAsync(customer.Id(), "pm_card_visa");
        var resumed = await sandbox.MakeAsync($"subscriptions/{trial.Id()}/resume");

        Assert.Equal(("active", sandbox.Clock.GetUtcNow().ToUnixTimeSeconds()), (resumed.Text("status"), resumed.Number("items.data.0.current_period_start")));
        await sandbox.Stripe.DeliverAsync();
        Assert.Equal(["customer.subscription.resumed"], Heard("resumed"));
        Assert.Equal(400, (await sandbox.PostAsync($"subscriptions/{trial.Id()}/resume")).Status);
    }

    [Fact]
    public async Task A_trial_may_end_now()
    {
        var trial = await TryAsync(await sandbox.GivenCustomerAsync(), ("trial_end", sandbox.Clock.GetUtcNow().AddDays(30).ToUnixTimeSeconds()));
        await AdvanceAsync(TimeSpan.FromDays(5));

        var ended = await sandbox.MakeAsync("subscriptions/" + trial.Id(), new { trial_end = "now" });
        await AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal("active", ended.Text("status"));
        Assert.Equal([("paid", 900L), ("paid", 0L)], await InvoicesAsync(trial));
    }

    [Theory]
    [InlineData("keep_as_draft", "draft")]
    [InlineData("void", "void")]
    [InlineData("mark_uncollectible", "uncollectible")]
    public async Task While_collection_is_paused_invoices_become_what_was_said_and_afterwards_they_are_paid(string behavior, string invoice)
    {
        var subscription = await sandbox.GivenSubscriptionAsync(await sandbox.GivenCustomerAsync(), await sandbox.GivenPriceAsync(900));
        var until = DateTimeOffset.FromUnixTimeSeconds(subscription.Number("items.data.0.current_period_end")).AddDays(1);
        await sandbox.MakeAsync("subscriptions/" + subscription.Id(), StripeShop.Form(("pause_collection[behavior]", behavior), ("pause_collection[resumes_at]", until.ToUnixTimeSeconds())));

        await AdvanceAsync(until.AddHours(2) - sandbox.Clock.GetUtcNow());
        Assert.Equal([(invoice, 0L), ("paid", 900L)], await InvoicesAsync(subscription));
        var after = await sandbox.ReadAsync("subscriptions/" + subscription.Id());
        Assert.Equal(("active", null), (after.Text("status"), after["pause_collection"]));

        await AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Equal(("paid", 900L), (await InvoicesAsync(subscription))[0]);
    }

    [Theory]
    [InlineData("unpaid")]
    [InlineData("past_due")]
    [InlineData("canceled")]
    public async Task After_the_last_retry_the_account_decides(string status)
    {
        if (status != "canceled")
            Assert.Equal(302, (await sandbox.PostPageAsync("/control/account", new { after_last_try = status })).Status);
        var subscription = await sandbox.GivenSubscriptionAsync(await sandbox.GivenCustomerAsync(), await sandbox.GivenPriceAsync(900));
        await sandbox.GiveCardAsync(subscription.Text("customer"), "pm_card_chargeCustomerFail");

        for (var day = 0; day < 50; day++)
            await AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(status, (await sandbox.ReadAsync("subscriptions/" + subscription.Id())).Text("status"));
        Assert.Contains($"""<option value="{(status == "canceled" ? "cancel" : status)}" selected>""", (await sandbox.GetPageAsync("/control")).Html, StringComparison.Ordinal);
    }

    private async Task<JsonObject> TryAsync(JsonObject customer, params (string, object)[] terms) =>
        await sandbox.MakeAsync("subscriptions", StripeShop.Form([("customer", customer.Id()), ("items[0][price]", (await sandbox.GivenPriceAsync(900)).Id()), .. terms]));

    private async Task<(string Status, long Paid)[]> InvoicesAsync(JsonObject subscription) =>
        [.. (await sandbox.ReadAsync("invoices?subscription=" + subscription.Id())).Data().Select(i => (i.Text("status"), i.Number("amount_paid")))];

    private IEnumerable<string> Heard(string ending) => sandbox.Hooks.Types.Where(type => type.EndsWith(ending, StringComparison.Ordinal));

    private async Task AdvanceAsync(TimeSpan by)
    {
        await sandbox.Stripe.AdvanceAsync(by);
        await sandbox.Stripe.DeliverAsync();
    }
}
