using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>The invoice that a change, or the next renewal, would make: the real steps, in a transaction that is thrown away.</summary>
internal static class InvoicePreview
{
    public static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var details = p.MapOrEmpty("subscription_details");
        p.Accept("automatic_tax", "preview_mode", "currency");
        tx.Discard();
        if (p.Text("subscription") is not { } id)
            return Shown(await NewAsync(tx, p, details), null);
        var subscription = await tx.GetAsync("subscription", id, "subscription");
        var customer = await tx.GetCustomerAsync(subscription.Str("customer")!);
        if (p.Text("customer") is { } named && named != customer.Id())
            throw StripeError.NoSuch("subscription", id, "subscription");
        if (subscription.Str("status") is "canceled" or "incomplete_expired")
            throw StripeError.Invalid("The subscription is canceled, so there is no upcoming invoice.", "subscription", "invoice_upcoming_none");
        if (p.Has("discounts"))
            subscription["discounts"] = Json.Strings(await Discounts.ReadAsync(tx, p, customer.Id(), subscription.Id()));
        var change = await SubscriptionChange.ApplyAsync(tx, subscription, details);
        if (change.InvoiceNow)
            return Shown(await change.DraftAsync(tx, customer, subscription), subscription);
        change.Defer(tx, subscription);
        var ending = details.Bool("cancel_at_period_end") ?? subscription.Bool("cancel_at_period_end");
        if (ending)
            throw StripeError.Invalid("The subscription ends with this period, so there is no upcoming invoice.", "subscription", "invoice_upcoming_none");
        var (start, end) = SubscriptionChange.PeriodOf(subscription);
        if (subscription.Str("schedule") is { } schedule && await tx.FindAsync(schedule) is { } planned && planned.LongOrNull("_due") == end)
        {
            tx.Now = end;
            await Schedules.TurnAsync(tx, planned);
        }
        var invoice = await Renewal.DraftAsync(tx, customer, subscription, start, end);
        invoice["created"] = end;
        return Shown(invoice, subscription);
    }

    private static async Task<JsonObject> NewAsync(StripeTransaction tx, Params p, Params details)
    {
        var customer = await tx.GetCustomerAsync(p.Required("customer"));
        var items = new List<(JsonObject, long)>();
        foreach (var item in details.List("items"))
            items.Add((await Prices.GetActiveAsync(tx, item.Required("price"), $"{item.Path}[price]"), item.Long("quantity") ?? 1));
        if (items.Count == 0)
            throw StripeError.Invalid("Nothing to invoice for customer", "customer", "invoice_no_customer_line_items");
        var subscription = await SubscriptionStart.StartAsync(tx, new NewSubscription(customer, items)
        {
            PaymentBehavior = "default_incomplete",
            Discounts = p.Has("discounts") ? id => Discounts.ReadAsync(tx, p, customer.Id(), id) : null,
        });
        var invoice = (await tx.FindAsync(subscription.Str("latest_invoice")))!;
        invoice["status"] = "draft";
        invoice["number"] = null;
        return invoice;
    }

    private static JsonObject Shown(JsonObject invoice, JsonObject? subscription)
    {
        var shown = invoice.Clone();
        shown["id"] = "upcoming_" + invoice.Id();
        shown["next_payment_attempt"] = subscription is null ? null : invoice.Long("created") + (invoice.Str("billing_reason") == "subscription_cycle" ? 3600 : 0);
        shown["hosted_invoice_url"] = null;
        shown["invoice_pdf"] = null;
        return shown;
    }
}
