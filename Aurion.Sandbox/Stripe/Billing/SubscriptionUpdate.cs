using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>Bills a change of items and decides what a failed payment means for it.</summary>
internal static class SubscriptionUpdate
{
    public static async Task BillAsync(StripeTransaction tx, JsonObject customer, JsonObject subscription, Params p, string behavior)
    {
        var before = subscription.Clone();
        if (p.Has("items") || p.Has("billing_cycle_anchor"))
            await DropPendingAsync(tx, subscription);
        var change = await SubscriptionChange.ApplyAsync(tx, subscription, p);
        tx.Save(subscription);
        if (!change.InvoiceNow)
        {
            change.Defer(tx, subscription);
            return;
        }
        var invoice = await change.DraftAsync(tx, customer, subscription);
        subscription["latest_invoice"] = invoice.Id();
        if (behavior == "pending_if_incomplete")
            PendingUpdates.SetAside(tx, subscription, before, invoice);
        tx.Emit("invoice.created", invoice);
        await Invoicing.FinalizeAsync(tx, invoice);
        if (invoice.Str("status") == "open" && behavior != "default_incomplete")
            await CollectAsync(tx, invoice, behavior);
        PendingUpdates.Announce(tx, subscription);
    }

    private static async Task CollectAsync(StripeTransaction tx, JsonObject invoice, string behavior)
    {
        var method = await InvoicePayment.FindMethodAsync(tx, invoice);
        var outcome = await InvoicePayment.AttemptAsync(tx, invoice, method, new Payment(OnSession: false));
        if (outcome == PaymentOutcome.Succeeded || behavior != "error_if_incomplete")
            return;
        var error = (await tx.FindAsync(invoice.Str("_payment_intent"))).Obj("last_payment_error");
        throw new StripeError(402, "card_error", error.Str("message") ?? "Your card was declined. This transaction requires authentication.", error.Str("code") ?? "subscription_payment_intent_requires_action")
        {
            DeclineCode = error.Str("decline_code"),
        };
    }

    // A newer change takes the place of one that still waits for its payment.
    private static async Task DropPendingAsync(StripeTransaction tx, JsonObject subscription)
    {
        if (subscription.Obj("_pending").Str("invoice") is not { } id)
            return;
        if (await tx.FindAsync(id) is { } invoice && invoice.Str("status") == "open")
            await Invoicing.VoidAsync(tx, invoice);
        subscription["pending_update"] = null;
        subscription.Remove("_pending");
    }

    public static async Task CreditUnusedAsync(StripeTransaction tx, JsonObject subscription)
    {
        foreach (var item in subscription.Data("items"))
            if (await Proration.UnusedAsync(tx, item, tx.Now) is { } credit)
                InvoiceItems.Add(tx, subscription.Str("customer")!, subscription.Id(), credit);
    }

    /// <summary>Bills what waits for the subscription, if anything does.</summary>
    public static async Task BillWaitingAsync(StripeTransaction tx, JsonObject customer, JsonObject subscription)
    {
        if ((await InvoiceItems.TakeAsync(tx, customer.Id(), subscription.Id())).Count == 0)
            return;
        var invoice = await new SubscriptionChange([], InvoiceNow: true).DraftAsync(tx, customer, subscription);
        subscription["latest_invoice"] = invoice.Id();
        tx.Emit("invoice.created", invoice);
        await Invoicing.FinalizeAsync(tx, invoice);
        if (invoice.Str("status") == "open")
            await InvoicePayment.AttemptAsync(tx, invoice, await InvoicePayment.FindMethodAsync(tx, invoice), new Payment(OnSession: false));
    }
}
