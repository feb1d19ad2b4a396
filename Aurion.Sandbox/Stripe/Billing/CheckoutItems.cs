using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>What is in a checkout session, and what it comes to.</summary>
internal static class CheckoutItems
{
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(StripeTransaction tx, IReadOnlyList<Params> wanted, string mode)
    {
        if (wanted.Count == 0)
            throw StripeError.MissingParam("line_items");
        var items = new List<JsonObject>();
        foreach (var p in wanted)
        {
            var price = await PriceAsync(tx, p);
            var quantity = p.Long("quantity") ?? throw StripeError.Invalid($"Quantity is required. Add `quantity` to `{p.Path}`", p.Path);
            if (quantity < 1)
                throw StripeError.Invalid("This value must be greater than or equal to 1.", $"{p.Path}[quantity]", "parameter_invalid_integer");
            p.Accept("adjustable_quantity", "tax_rates", "dynamic_tax_rates");
            if (mode == "payment" && price.Str("type") == "recurring")
                throw StripeError.Invalid("You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.", "line_items");
            items.Add(await NewAsync(tx, price, quantity));
        }
        if (mode == "subscription" && items.TrueForAll(i => i.Obj("price").Str("type") != "recurring"))
            throw StripeError.Invalid("You must provide at least one recurring price in `subscription` mode when using prices.", "line_items");
        return items;
    }

    private static async Task<JsonObject> PriceAsync(StripeTransaction tx, Params p)
    {
        if (p.Text("price") is { } id)
            return await Prices.GetActiveAsync(tx, id, $"{p.Path}[price]");
        var data = p.Map("price_data") ?? throw StripeError.MissingParam($"{p.Path}[price]");
        var product = data.Text("product");
        if (data.Map("product_data") is { } described)
        {
            described.Accept("description", "images", "tax_code");
            var created = Products.New(tx, described.Required("name"), described.Metadata());
            tx.Create("product.created", created);
            product = created.Id();
        }
        var price = Prices.New(tx, data, product ?? throw StripeError.MissingParam($"{p.Path}[price_data][product]"));
        price["active"] = false;
        tx.Create("price.created", price);
        return price;
    }

    private static async Task<JsonObject> NewAsync(StripeTransaction tx, JsonObject price, long quantity) => new()
    {
        ["id"] = Ids.New("li_1", 23),
        ["object"] = "item",
        ["adjustable_quantity"] = null,
        ["amount_discount"] = 0,
        ["amount_subtotal"] = price.Long("unit_amount") * quantity,
        ["amount_tax"] = 0,
        ["amount_total"] = price.Long("unit_amount") * quantity,
        ["currency"] = price.Str("currency"),
        ["description"] = await InvoiceLines.NameAsync(tx, price),
        ["metadata"] = new JsonObject(),
        ["price"] = Json.Public(price),
        ["quantity"] = quantity,
    };

    /// <summary>Adds up the items with the session's discount, in the same way as the invoice will.</summary>
    public static async Task TotalAsync(StripeTransaction tx, JsonObject session)
    {
        var items = session.Data("_line_items").ToList();
        var lines = items.ConvertAll(i => new JsonObject
        {
            ["amount"] = i.Long("amount_subtotal"),
            ["discountable"] = true,
            ["discount_amounts"] = new JsonArray(),
            ["pricing"] = new JsonObject { ["price_details"] = new JsonObject { ["product"] = i.Obj("price").Str("product") } },
        });
        if (session.Arr("discounts").OfType<JsonObject>().FirstOrDefault() is { } discount)
            Discounts.Spread((await tx.GetAsync("coupon", discount.Str("coupon")!)), "session", lines);
        for (var i = 0; i < items.Count; i++)
        {
            items[i]["amount_total"] = Discounts.Remaining(lines[i]);
            items[i]["amount_discount"] = items[i].Long("amount_subtotal") - items[i].Long("amount_total");
        }
        session["amount_subtotal"] = items.Sum(i => i.Long("amount_subtotal"));
        session["amount_total"] = items.Sum(i => i.Long("amount_total"));
        session.Obj("total_details")!["amount_discount"] = items.Sum(i => i.Long("amount_discount"));
    }
}
