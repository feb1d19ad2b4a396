using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>The turn of a billing period.</summary>
internal static class Renewal
{
    /// <summary>Stripe leaves a renewal's invoice open to additions for about an hour before it charges.</summary>
    private const long DraftFor = 3600;

    public static async Task RenewAsync(StripeTransaction tx, JsonObject subscription)
    {
        var customer = await tx.GetCustomerAsync(subscription.Str("customer")!);
        var (start, end) = SubscriptionChange.PeriodOf(subscription);
        var invoice = await DraftAsync(tx, customer, subscription, start, end);
        // Stripe makes drafts for who does not pay, and leaves them.
        if (subscription.Str("status") == "unpaid")
            invoice["auto_advance"] = false;
        invoice["automatically_finalizes_at"] = invoice.Bool("auto_advance") ? tx.Now + DraftFor : null;
        tx.Emit("invoice.created", invoice);
        await Pausing.SetAsideAsync(tx, subscription, invoice);
        tx.Update("customer.subscription.updated", subscription);
    }

    /// <summary>Moves the subscription into its next period and bills it.</summary>
    public static async Task<JsonObject> DraftAsync(StripeTransaction tx, JsonObject customer, JsonObject subscription, long start, long end)
    {
        var (interval, count) = SubscriptionItems.IntervalOf(subscription);
        SubscriptionItems.SetPeriod(subscription, end, Period.EndAfter(end, subscription.Long("billing_cycle_anchor"), interval, count));
        var lines = new List<JsonObject>(await InvoiceItems.TakeAsync(tx, customer.Id(), subscription.Id()));
        foreach (var item in subscription.Data("items"))
            lines.Add(await InvoiceLines.ForItemAsync(tx, item));
        var invoice = await Invoicing.DraftAsync(tx, customer, subscription, "subscription_cycle", lines, start, end);
        InvoiceItems.Assign(tx, invoice);
        subscription["latest_invoice"] = invoice.Id();
        return invoice;
    }
}
