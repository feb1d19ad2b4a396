using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>Amounts that wait for the next invoice: prorations, and items added by hand.</summary>
internal static class InvoiceItems
{
    public static void Map(StripeApi api)
    {
        api.Post("invoiceitems", CreateAsync);
        api.Retrieve("invoiceitems", "invoiceitem");
        api.List("invoiceitems", "invoiceitem", ("customer", "customer"), ("invoice", "data->>'invoice'"));
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var customer = await tx.GetCustomerAsync(p.Required("customer"));
        var invoice = p.Text("invoice") is { } wanted ? await tx.GetAsync("invoice", wanted, "invoice") : null;
        if (invoice is not null && invoice.Str("status") != "draft")
            throw StripeError.Invalid("The invoice is no longer editable.", "invoice", "invoice_not_editable");
        var quantity = p.Long("quantity") ?? 1;
        var price = await PriceAsync(tx, p);
        // Without one, an item's period is the moment it was made: it ends where it starts, which Stripe allows.
        var period = p.Map("period");
        var (start, end) = (period?.Long("start") ?? tx.Now, period?.Long("end") ?? tx.Now);
        if (end < start)
            throw StripeError.Invalid("The end of the period must not be before its start.", "period[end]");
        var line = InvoiceLines.New(price.Long("unit_amount") * quantity, price, p.Text("description") ?? await InvoiceLines.NameAsync(tx, price), quantity, start, end, []);
        line["metadata"] = p.Metadata();
        p.Accept("currency", "discountable");
        var item = Add(tx, customer.Id(), p.Text("subscription"), line);
        line["parent"] = InvoiceLines.InvoiceItemParent(item.Id());
        item["_line"] = line.Clone();
        if (invoice is not null)
        {
            item["invoice"] = invoice.Id();
            line["invoice"] = invoice.Id();
            ((JsonArray)invoice.Obj("lines")!["data"]!).Add(line);
            await Invoicing.TotalAsync(tx, invoice, customer, null);
            tx.Update("invoice.updated", invoice);
        }
        tx.Emit("invoiceitem.created", item);
        return item;
    }

    private static async Task<JsonObject> PriceAsync(StripeTransaction tx, Params p)
    {
        if ((p.Map("pricing")?.Text("price") ?? p.Text("price")) is { } id)
            return await Prices.GetActiveAsync(tx, id, "pricing[price]");
        if (p.Long("amount") is not { } amount)
            throw StripeError.MissingParam("amount");
        var product = Products.New(tx, p.Text("description") ?? "Item", []);
        tx.Add(product);
        var data = Params.Parse($"currency={p.Required("currency")}&unit_amount={Math.Abs(amount)}");
        var price = Prices.New(tx, data, product.Id());
        price["active"] = false;
        price["unit_amount"] = amount;
        tx.Add(price);
        return price;
    }

    public static JsonObject Add(StripeTransaction tx, string customer, string? subscription, JsonObject line)
    {
        var item = new JsonObject
        {
            ["id"] = Ids.New("ii_1", 23),
            ["object"] = "invoiceitem",
            ["amount"] = line.Long("amount"),
            ["currency"] = line.Str("currency"),
            ["customer"] = customer,
            ["customer_account"] = null,
            ["date"] = tx.Now,
            ["description"] = line.Str("description"),
            ["discountable"] = line.Bool("discountable"),
            ["discounts"] = new JsonArray(),
            ["invoice"] = null,
            ["livemode"] = false,
            ["metadata"] = line.Obj("metadata")?.Clone(),
            ["net_amount"] = line.Long("amount"),
            ["parent"] = subscription is null ? null : new JsonObject { ["subscription_details"] = new JsonObject { ["subscription"] = subscription, ["subscription_item"] = line.Obj("parent").Obj("subscription_item_details").Str("subscription_item") }, ["type"] = "subscription_details" },
            ["period"] = line.Obj("period")!.Clone(),
            ["pricing"] = line.Obj("pricing")!.Clone(),
            ["proration"] = line.Obj("parent").Obj("subscription_item_details").Bool("proration"),
            ["quantity"] = line.Long("quantity"),
            ["quantity_decimal"] = line.Str("quantity_decimal"),
            ["tax_rates"] = new JsonArray(),
            ["test_clock"] = tx.TestClock,
            ["_line"] = line.Clone(),
        };
        tx.Add(item);
        return item;
    }

    /// <summary>The lines of what waits for this customer: of the subscription, or (without one) of none.</summary>
    public static async Task<IReadOnlyList<JsonObject>> TakeAsync(StripeTransaction tx, string customer, string? subscription)
    {
        var lines = new List<JsonObject>();
        foreach (var item in (await tx.OfCustomerAsync("invoiceitem", customer)).Where(i => i.Str("invoice") is null))
        {
            if (item.Obj("parent").Obj("subscription_details").Str("subscription") is { } owner && owner != subscription)
                continue;
            var line = item.Obj("_line")!.Clone();
            line["_item"] = item.Id();
            if (line.Obj("parent").Obj("subscription_item_details") is { } details)
                details["invoice_item"] = item.Id();
            lines.Add(line);
        }
        return lines;
    }

    /// <summary>Marks what <see cref="TakeAsync"/> gave as belonging to the invoice.</summary>
    public static void Assign(StripeTransaction tx, JsonObject invoice)
    {
        foreach (var line in invoice.Data("lines").Where(l => l.Str("_item") is not null))
            tx.Assigned(line.Str("_item")!, item => item["invoice"] = invoice.Id());
    }
}
