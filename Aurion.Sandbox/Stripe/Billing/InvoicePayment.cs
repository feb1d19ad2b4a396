using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>Tries to collect an open invoice, and what follows from success and failure.</summary>
internal static class InvoicePayment
{
    /// <summary>After the first failure the card is tried again 3, 5 and 7 days later; then the subscription ends.</summary>
    private static readonly long[] RetryAfterDays = [3, 5, 7];

    public static async Task<JsonObject?> FindMethodAsync(StripeTransaction tx, JsonObject invoice)
    {
        var customer = await tx.GetCustomerAsync(invoice.Str("customer")!);
        var subscription = await tx.FindAsync(Invoicing.SubscriptionOf(invoice));
        return await tx.FindAsync(invoice.Str("default_payment_method") ?? subscription.Str("default_payment_method")
            ?? customer.Obj("invoice_settings").Str("default_payment_method") ?? customer.Str("default_source"));
    }

    public static async Task<PaymentOutcome> AttemptAsync(StripeTransaction tx, JsonObject invoice, JsonObject? method, Payment how)
    {
        var intent = (await tx.FindAsync(invoice.Str("_payment_intent")))!;
        var outcome = method is null ? PaymentOutcome.Declined : await Payments.ConfirmAsync(tx, intent, method, how);
        if (outcome == PaymentOutcome.Succeeded)
            await MarkPaidAsync(tx, invoice, method);
        else
            await FailAsync(tx, invoice, outcome);
        return outcome;
    }

    public static async Task MarkPaidAsync(StripeTransaction tx, JsonObject invoice, JsonObject? method)
    {
        invoice["status"] = "paid";
        invoice["attempted"] = true;
        invoice["attempt_count"] = invoice.Long("attempt_count") + (method is null ? 0 : 1);
        invoice["amount_paid"] = invoice.Long("amount_due");
        invoice["amount_remaining"] = 0;
        invoice["auto_advance"] = false;
        invoice["next_payment_attempt"] = null;
        invoice.Obj("status_transitions")!["paid_at"] = tx.Now;
        await InvoicePayments.CloseAsync(tx, invoice, "paid");
        tx.Update("invoice.updated", invoice);
        tx.Emit("invoice.paid", invoice);
        tx.Emit("invoice.payment_succeeded", invoice);
        if (await tx.FindAsync(Invoicing.SubscriptionOf(invoice)) is { } subscription)
            await SubscriptionState.PaidAsync(tx, subscription, invoice, method);
    }

    /// <summary>A failed try: the next one is planned, or the subscription ends after the last.</summary>
    public static async Task FailAsync(StripeTransaction tx, JsonObject invoice, PaymentOutcome outcome)
    {
        var attempts = invoice.Long("attempt_count") + 1;
        invoice["attempt_count"] = attempts;
        invoice["attempted"] = true;
        var retried = invoice.Str("billing_reason") is "subscription_cycle" || (invoice.Str("billing_reason") is "subscription_update" && !invoice.Bool("_pending_update"));
        var last = retried && attempts > RetryAfterDays.Length;
        invoice["next_payment_attempt"] = retried && !last ? tx.Now + (RetryAfterDays[attempts - 1] * 86400) : null;
        if (last)
            invoice["auto_advance"] = false;
        tx.Save(invoice);
        var subscription = retried ? await tx.FindAsync(Invoicing.SubscriptionOf(invoice)) : null;
        if (subscription?.Str("status") == "active")
        {
            subscription["status"] = "past_due";
            tx.Update("customer.subscription.updated", subscription);
        }
        tx.Update("invoice.updated", invoice);
        if (outcome == PaymentOutcome.RequiresAction)
            tx.Emit("invoice.payment_action_required", invoice);
        tx.Emit("invoice.payment_failed", invoice);
        await MarkDelinquentAsync(tx, invoice, retried);
        if (last && subscription is not null && subscription.Str("status") is "past_due" or "unpaid")
            await GiveUpAsync(tx, subscription!);
    }

    private static async Task GiveUpAsync(StripeTransaction tx, JsonObject subscription)
    {
        switch (await AccountSettings.AfterLastTryAsync(tx))
        {
            case "unpaid" when subscription.Str("status") != "unpaid":
                subscription["status"] = "unpaid";
                tx.Update("customer.subscription.updated", subscription);
                break;
            case "cancel":
                await Cancellation.EndAsync(tx, subscription, "payment_failed");
                break;
        }
    }

    private static async Task MarkDelinquentAsync(StripeTransaction tx, JsonObject invoice, bool retried)
    {
        var customer = await tx.GetCustomerAsync(invoice.Str("customer")!);
        if (!retried || customer.Bool("delinquent"))
            return;
        customer["delinquent"] = true;
        tx.Update("customer.updated", customer);
    }
}
