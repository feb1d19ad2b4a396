using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>What a paid invoice does to its subscription.</summary>
internal static class SubscriptionState
{
    public static async Task PaidAsync(StripeTransaction tx, JsonObject subscription, JsonObject invoice, JsonObject? method)
    {
        if (subscription.Str("status") is "canceled" or "incomplete_expired")
            return;
        if (method is not null && subscription.Str("default_payment_method") is null && subscription.Obj("payment_settings").Str("save_default_payment_method") == "on_subscription")
            subscription["default_payment_method"] = method.Id();
        var applied = PendingUpdates.Apply(tx, subscription, invoice);
        var resumed = subscription.Str("status") == "paused";
        if (subscription.Str("status") is "incomplete" or "paused")
            subscription["status"] = "active";
        else if (subscription.Str("status") is "past_due" or "unpaid" && !await OwesAsync(tx, subscription))
            subscription["status"] = "active";
        tx.Update("customer.subscription.updated", subscription);
        if (resumed)
            tx.Emit("customer.subscription.resumed", subscription);
        if (applied)
            tx.Emit("customer.subscription.pending_update_applied", subscription);
        await RestoreStandingAsync(tx, subscription);
    }

    private static async Task<bool> OwesAsync(StripeTransaction tx, JsonObject subscription) =>
        (await tx.OfCustomerAsync("invoice", subscription.Str("customer")!)).Any(i =>
            Invoicing.SubscriptionOf(i) == subscription.Id() && i.Str("status") == "open" && i.Long("attempt_count") > 0 && !i.Bool("_pending_update"));

    private static async Task RestoreStandingAsync(StripeTransaction tx, JsonObject subscription)
    {
        var customer = await tx.GetCustomerAsync(subscription.Str("customer")!);
        if (!customer.Bool("delinquent") || subscription.Str("status") != "active")
            return;
        customer["delinquent"] = false;
        tx.Update("customer.updated", customer);
    }
}
