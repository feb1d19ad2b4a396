using System.Globalization;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>The lines of invoices, in the shape they have since 2025-03-31 (<c>parent</c>, <c>pricing</c>).</summary>
internal static class InvoiceLines
{
    /// <summary>One full period of a subscription item.</summary>
    public static async Task<JsonObject> ForItemAsync(StripeTransaction tx, JsonObject item)
    {
        var price = item.Obj("price")!;
        var quantity = item.Long("quantity");
        var (interval, count) = Prices.IntervalOf(price);
        var each = count == 1 ? interval : $"{count} {interval}s";
        return New(price.Long("unit_amount") * quantity, price,
            $"{quantity} × {await NameAsync(tx, price)} (at {Money(price.Long("unit_amount"), price.Str("currency")!)} / {each})",
            quantity, item.Long("current_period_start"), item.Long("current_period_end"), SubscriptionParent(item, proration: false, null));
    }

    /// <summary>The time that is tried, for nothing.</summary>
    public static async Task<JsonObject> ForTrialAsync(StripeTransaction tx, JsonObject item) => New(0, item.Obj("price")!,
        $"Trial period for {await NameAsync(tx, item.Obj("price")!)}", item.Long("quantity"),
        item.Long("current_period_start"), item.Long("current_period_end"), SubscriptionParent(item, proration: false, null));

    public static JsonObject New(long amount, JsonObject price, string description, long quantity, long start, long end, JsonObject parent) => new()
    {
        ["id"] = Ids.New("il_1", 23),
        ["object"] = "line_item",
        ["amount"] = amount,
        ["currency"] = price.Str("currency"),
        ["description"] = description,
        ["discount_amounts"] = new JsonArray(),
        ["discountable"] = amount >= 0,
        ["discounts"] = new JsonArray(),
        ["invoice"] = null,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["parent"] = parent,
        ["period"] = new JsonObject { ["end"] = end, ["start"] = start },
        ["pretax_credit_amounts"] = new JsonArray(),
        ["pricing"] = new JsonObject
        {
            ["price_details"] = new JsonObject { ["price"] = price.Id(), ["product"] = price.Str("product") },
            ["type"] = "price_details",
            ["unit_amount_decimal"] = (quantity is 0 ? 0 : amount / (decimal)quantity).ToString("0.############", CultureInfo.InvariantCulture),
        },
        ["quantity"] = quantity,
        ["quantity_decimal"] = quantity.ToString(CultureInfo.InvariantCulture),
        ["subscription"] = parent.Obj("subscription_item_details").Str("subscription") ?? parent.Obj("invoice_item_details").Str("subscription"),
        ["subtotal"] = amount,
        ["taxes"] = new JsonArray(),
    };

    public static JsonObject SubscriptionParent(JsonObject item, bool proration, JsonObject? credited) => new()
    {
        ["invoice_item_details"] = null,
        ["subscription_item_details"] = new JsonObject
        {
            ["invoice_item"] = null,
            ["proration"] = proration,
            ["proration_details"] = new JsonObject { ["credited_items"] = credited },
            ["subscription"] = item.Str("subscription"),
            ["subscription_item"] = item.Id(),
        },
        ["type"] = "subscription_item_details",
    };

    public static JsonObject InvoiceItemParent(string invoiceItem) => new()
    {
        ["invoice_item_details"] = new JsonObject
        {
            ["invoice_item"] = invoiceItem,
            ["proration"] = false,
            ["proration_details"] = new JsonObject { ["credited_items"] = null },
            ["subscription"] = null,
        },
        ["subscription_item_details"] = null,
        ["type"] = "invoice_item_details",
    };

    public static async Task<string> NameAsync(StripeTransaction tx, JsonObject price) =>
        (await tx.FindAsync(price.Str("product"))).Str("name") ?? price.Str("nickname") ?? price.Id();

    public static string Money(long cents, string currency) => currency switch
    {
        "usd" => (cents / 100m).ToString("$0.00", CultureInfo.InvariantCulture),
        "eur" => (cents / 100m).ToString("€0.00", CultureInfo.InvariantCulture),
        _ => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture) + " " + currency.ToUpperInvariant(),
    };
}
