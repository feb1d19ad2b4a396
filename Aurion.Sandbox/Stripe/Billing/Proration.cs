using System.Globalization;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>The unused part of what was paid comes back, the rest of the period is charged at the new price.</summary>
internal static class Proration
{
    public static async Task<JsonObject?> UnusedAsync(StripeTransaction tx, JsonObject item, long at)
    {
        var price = item.Obj("price")!;
        var end = item.Long("current_period_end");
        var (paid, start, credited) = await PaidForAsync(tx, item, at);
        var amount = -Period.Share(paid, at, start, end);
        return amount == 0 && paid != 0 ? null : InvoiceLines.New(amount, price,
            $"Unused time on {await InvoiceLines.NameAsync(tx, price)} after {Day(at)}", item.Long("quantity"), at, end, InvoiceLines.SubscriptionParent(item, proration: true, credited));
    }

    public static async Task<JsonObject> RemainingAsync(StripeTransaction tx, JsonObject item, long at)
    {
        var price = item.Obj("price")!;
        var (start, end) = (item.Long("current_period_start"), item.Long("current_period_end"));
        return InvoiceLines.New(Period.Share(price.Long("unit_amount") * item.Long("quantity"), at, start, end), price,
            $"Remaining time on {await InvoiceLines.NameAsync(tx, price)} after {Day(at)}", item.Long("quantity"), at, end, InvoiceLines.SubscriptionParent(item, proration: true, null));
    }

    /// <summary>What was billed for the running period of the item (after discounts), from when; without an invoice the price stands for it.</summary>
    private static async Task<(long Paid, long Start, JsonObject? Credited)> PaidForAsync(StripeTransaction tx, JsonObject item, long at)
    {
        var end = item.Long("current_period_end");
        var subscription = (await tx.FindAsync(item.Str("subscription")))!;
        var billed = (await tx.OfCustomerAsync("invoice", subscription.Str("customer")!))
            .Where(i => Invoicing.SubscriptionOf(i) == subscription.Id() && i.Str("status") is not "void" && !i.Bool("_pending_update"))
            .SelectMany(i => i.Data("lines").Select(l => (Invoice: i, Line: l)))
            .Concat((await tx.OfCustomerAsync("invoiceitem", subscription.Str("customer")!)).Where(i => i.Str("invoice") is null && i.Obj("_line") is not null).Select(i => (Invoice: i, Line: i.Obj("_line")!)))
            .LastOrDefault(b => b.Line.Obj("parent").Obj("subscription_item_details").Str("subscription_item") == item.Id()
                && b.Line.Long("amount") >= 0 && b.Line.Obj("period")!.Long("end") == end && b.Line.Obj("period")!.Long("start") <= at
                && b.Line.Obj("pricing").Obj("price_details").Str("price") == item.Obj("price").Str("id"));
        return billed.Line is null
            ? (item.Obj("price")!.Long("unit_amount") * item.Long("quantity"), item.Long("current_period_start"), null)
            : (Discounts.Remaining(billed.Line), billed.Line.Obj("period")!.Long("start"), new JsonObject { ["invoice"] = billed.Invoice.Id(), ["invoice_line_items"] = new JsonArray(billed.Line.Id()) });
    }

    private static string Day(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("dd MMM yyyy", CultureInfo.InvariantCulture);
}
