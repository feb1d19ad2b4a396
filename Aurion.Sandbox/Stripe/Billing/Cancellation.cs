using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

internal static class Cancellation
{
    /// <summary>Ends a subscription now. Invoices that would still move by themselves stop.</summary>
    public static async Task EndAsync(StripeTransaction tx, JsonObject subscription, string reason)
    {
        var wasIncomplete = subscription.Str("status") == "incomplete";
        subscription["status"] = "canceled";
        subscription["canceled_at"] ??= tx.Now;
        subscription["ended_at"] = tx.Now;
        subscription["pending_update"] = null;
        subscription.Obj("cancellation_details")!["reason"] ??= reason;
        await StopInvoicesAsync(tx, subscription, voidOpen: wasIncomplete);
        if (await tx.FindAsync(subscription.Str("schedule")) is { } schedule)
            Schedules.Close(tx, schedule, "canceled");
        tx.Save(subscription);
        tx.Emit("customer.subscription.deleted", subscription);
    }

    /// <summary>The first payment was not made within 23 hours.</summary>
    public static async Task ExpireAsync(StripeTransaction tx, JsonObject subscription)
    {
        subscription["status"] = "incomplete_expired";
        subscription["ended_at"] = tx.Now;
        await StopInvoicesAsync(tx, subscription, voidOpen: true);
        tx.Update("customer.subscription.updated", subscription);
    }

    private static async Task StopInvoicesAsync(StripeTransaction tx, JsonObject subscription, bool voidOpen)
    {
        foreach (var invoice in (await tx.OfCustomerAsync("invoice", subscription.Str("customer")!)).Where(i => Invoicing.SubscriptionOf(i) == subscription.Id()))
        {
            if (invoice.Str("status") == "open" && (voidOpen || invoice.Bool("_pending_update")))
            {
                await Invoicing.VoidAsync(tx, invoice);
            }
            else if (invoice.Str("status") is "open" or "draft" && invoice.Bool("auto_advance"))
            {
                invoice["auto_advance"] = false;
                invoice["next_payment_attempt"] = null;
                tx.Update("invoice.updated", invoice);
            }
        }
    }
}
