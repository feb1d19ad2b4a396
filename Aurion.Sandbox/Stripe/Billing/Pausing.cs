using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>Two things that Stripe calls a pause: a subscription whose trial ended without a card, and one whose invoices are not collected.</summary>
internal static class Pausing
{
    /// <summary>Begins a new period for a subscription that was paused; it is active again when that is paid.</summary>
    public static async Task ResumeAsync(StripeTransaction tx, JsonObject subscription)
    {
        if (subscription.Str("status") != "paused")
            throw StripeError.Invalid("Only subscriptions with a status of `paused` can be resumed. To resume a subscription whose payment collection is paused, unset `pause_collection`.");
        var customer = await tx.GetCustomerAsync(subscription.Str("customer")!);
        subscription["billing_cycle_anchor"] = tx.Now;
        var invoice = await Renewal.DraftAsync(tx, customer, subscription, tx.Now, tx.Now);
        invoice["billing_reason"] = "subscription_update";
        var method = await InvoicePayment.FindMethodAsync(tx, invoice)
            ?? throw StripeError.Invalid("This customer has no attached payment source or default payment method.", null, "resource_missing");
        tx.Emit("invoice.created", invoice);
        await Invoicing.FinalizeAsync(tx, invoice);
        if (invoice.Str("status") == "open")
            await InvoicePayment.AttemptAsync(tx, invoice, method, new Payment(OnSession: false));
        tx.Save(subscription);
    }

    /// <summary><c>pause_collection</c>: what becomes of invoices meanwhile, and until when; sent empty it ends.</summary>
    public static void ReadCollection(StripeTransaction tx, Params p, JsonObject subscription)
    {
        if (p.Clears("pause_collection"))
        {
            subscription["pause_collection"] = null;
            return;
        }
        if (p.Map("pause_collection") is not { } pause)
            return;
        var resumes = pause.Long("resumes_at");
        if (resumes <= tx.Now)
            throw StripeError.Invalid("`resumes_at` must be in the future.", "pause_collection[resumes_at]");
        subscription["pause_collection"] = new JsonObject
        {
            ["behavior"] = pause.OneOf("behavior", "keep_as_draft", "mark_uncollectible", "void") ?? throw StripeError.MissingParam("pause_collection[behavior]"),
            ["resumes_at"] = resumes,
        };
    }

    public static void EndCollectionPause(StripeTransaction tx, JsonObject subscription)
    {
        subscription["pause_collection"] = null;
        tx.Update("customer.subscription.updated", subscription);
    }

    /// <summary>What a renewal's invoice becomes while collection is paused; false when it is collected as ever.</summary>
    public static async Task<bool> SetAsideAsync(StripeTransaction tx, JsonObject subscription, JsonObject invoice)
    {
        if (subscription.Obj("pause_collection").Str("behavior") is not { } behavior)
            return false;
        invoice["auto_advance"] = false;
        if (behavior == "keep_as_draft")
            return true;
        await Invoicing.FinalizeAsync(tx, invoice);
        if (invoice.Str("status") == "open" && behavior == "void")
        {
            await Invoicing.VoidAsync(tx, invoice);
        }
        else if (invoice.Str("status") == "open")
        {
            invoice["status"] = "uncollectible";
            invoice.Obj("status_transitions")!["marked_uncollectible_at"] = tx.Now;
            tx.Save(invoice);
            tx.Emit("invoice.marked_uncollectible", invoice);
        }
        return true;
    }
}
