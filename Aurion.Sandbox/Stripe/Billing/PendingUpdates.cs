using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>A change that waits for its invoice to be paid (<c>payment_behavior=pending_if_incomplete</c>).</summary>
internal static class PendingUpdates
{
    /// <summary>What an update may change when it is to wait for its payment (https://docs.stripe.com/billing/pending-updates-reference).</summary>
    public static bool Supports(string parameter) => parameter is "expand" or "payment_behavior" or "proration_behavior" or "proration_date"
        or "billing_cycle_anchor" or "items" or "trial_end" or "trial_from_plan" or "add_invoice_items" or "off_session";

    /// <summary>Sets the change aside: <paramref name="subscription"/> becomes what it was before.</summary>
    public static void SetAside(StripeTransaction tx, JsonObject subscription, JsonObject before, JsonObject invoice)
    {
        var changed = subscription.Clone();
        foreach (var name in changed.Select(m => m.Key).Where(n => n is not "latest_invoice").ToList())
            subscription[name] = before[name]?.DeepClone();
        subscription["_pending"] = new JsonObject { ["invoice"] = invoice.Id(), ["subscription"] = changed };
        subscription["pending_update"] = new JsonObject
        {
            ["billing_cycle_anchor"] = changed.Long("billing_cycle_anchor") == before.Long("billing_cycle_anchor") ? null : changed.Long("billing_cycle_anchor"),
            ["cancel_at_period_end"] = null,
            ["discount"] = null,
            ["discounts"] = null,
            ["expires_at"] = tx.Now + Due.PatienceForFirstPayment,
            ["metadata"] = null,
            ["subscription_items"] = new JsonArray([.. changed.Data("items").Select(i => i.Clone())]),
            ["trial_end"] = null,
            ["trial_from_plan"] = null,
        };
        invoice["_pending_update"] = true;
        tx.Save(subscription);
        tx.Save(invoice);
    }

    /// <summary>Makes the change real if <paramref name="invoice"/> is the one it waited for; true if people knew that it waited.</summary>
    public static bool Apply(StripeTransaction tx, JsonObject subscription, JsonObject invoice)
    {
        if (subscription.Obj("_pending") is not { } pending || pending.Str("invoice") != invoice.Id())
            return false;
        var changed = pending.Obj("subscription")!;
        var (start, end) = SubscriptionChange.PeriodOf(changed.Long("billing_cycle_anchor") != subscription.Long("billing_cycle_anchor") ? changed : subscription);
        subscription["items"] = changed["items"]!.DeepClone();
        subscription["billing_cycle_anchor"] = changed.Long("billing_cycle_anchor");
        SubscriptionItems.SetPeriod(subscription, start, end);
        if (subscription.Bool("cancel_at_period_end"))
            subscription["cancel_at"] = end;
        var announced = pending.Bool("announced");
        Clear(subscription);
        invoice.Remove("_pending_update");
        tx.Save(subscription);
        return announced;
    }

    /// <summary>From here on the change is known to wait, and its coming true is worth an event of its own.</summary>
    public static void Announce(StripeTransaction tx, JsonObject subscription)
    {
        if (subscription.Obj("_pending") is not { } pending)
            return;
        pending["announced"] = true;
        tx.Save(subscription);
    }

    public static async Task ExpireAsync(StripeTransaction tx, JsonObject subscription)
    {
        if (await tx.FindAsync(subscription.Obj("_pending").Str("invoice")) is { } invoice && invoice.Str("status") == "open")
            await Invoicing.VoidAsync(tx, invoice);
        Clear(subscription);
        tx.Update("customer.subscription.updated", subscription);
        tx.Emit("customer.subscription.pending_update_expired", subscription);
    }

    /// <summary>A voided invoice takes the change that waited for it along.</summary>
    public static async Task ForgetAsync(StripeTransaction tx, JsonObject invoice)
    {
        if (await tx.FindAsync(Invoicing.SubscriptionOf(invoice)) is not { } subscription || subscription.Obj("_pending").Str("invoice") != invoice.Id())
            return;
        Clear(subscription);
        tx.Update("customer.subscription.updated", subscription);
    }

    private static void Clear(JsonObject subscription)
    {
        subscription["pending_update"] = null;
        subscription.Remove("_pending");
    }
}
