using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Customers
{
    public static void Map(StripeApi api)
    {
        api.Post("customers", CreateAsync);
        api.Retrieve("customers", "customer");
        api.Post("customers/{id}", UpdateAsync);
        api.Delete("customers/{id}", DeleteAsync);
        // People who live by a test clock are listed only by its name.
        api.Get("customers", call => Paging.PageAsync(call, "/v1/customers", "customer", [("email", "data->>'email'"), ("test_clock", "test_clock")], call.Params.Has("test_clock") ? null : "test_clock IS NULL"));
        api.Get("customers/{id}/payment_methods", call => Paging.PageAsync(call, $"/v1/customers/{call.Id}/payment_methods", "payment_method", [("type", "data->>'type'")], "customer = @id"));
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        await tx.FollowClockAsync(p.Text("test_clock"));
        var customer = New(tx, p.Text("email"), p.Text("name"), p.Metadata(), p.Text("test_clock"));
        ReadFields(p, customer);
        tx.Create("customer.created", customer);
        if (p.Text("payment_method") is { } method)
            await PaymentMethods.AttachAsync(tx, method, customer.Id());
        if (p.Text("source") is { } token)
            customer["default_source"] = (await PaymentMethods.AttachAsync(tx, token, customer.Id())).Id();
        await CheckDefaultMethodAsync(tx, customer);
        return customer;
    }

    public static JsonObject New(StripeTransaction tx, string? email, string? name, JsonObject metadata, string? testClock = null, string? id = null) => new()
    {
        ["id"] = id ?? Ids.New("cus_", 14),
        ["object"] = "customer",
        ["address"] = null,
        ["balance"] = 0,
        ["created"] = tx.Now,
        ["currency"] = null,
        ["customer_account"] = null,
        ["default_source"] = null,
        ["delinquent"] = false,
        ["description"] = null,
        ["discount"] = null,
        ["email"] = email,
        ["invoice_prefix"] = Ids.InvoicePrefix(),
        ["invoice_settings"] = new JsonObject { ["custom_fields"] = null, ["default_payment_method"] = null, ["footer"] = null, ["rendering_options"] = null },
        ["livemode"] = false,
        ["metadata"] = metadata,
        ["name"] = name,
        ["next_invoice_sequence"] = 1,
        ["phone"] = null,
        ["preferred_locales"] = new JsonArray(),
        ["shipping"] = null,
        ["tax_exempt"] = "none",
        ["test_clock"] = testClock,
    };

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var customer = await tx.GetCustomerAsync(call.Id, "id");
        p.CopyTo(customer, "email", "name");
        ReadFields(p, customer);
        if (p.Has("metadata"))
            customer["metadata"] = p.Metadata(customer.Obj("metadata"));
        await CheckDefaultMethodAsync(tx, customer);
        tx.Update("customer.updated", customer);
        return customer;
    }

    private static void ReadFields(Params p, JsonObject customer)
    {
        p.CopyTo(customer, "description", "phone", "tax_exempt");
        if (p.Has("address"))
            customer["address"] = p.Clears("address") ? null : Address(p.Map("address")!);
        if (p.Has("shipping"))
            customer["shipping"] = p.Clears("shipping") ? null : Shipping(p.Map("shipping")!);
        if (p.Has("preferred_locales"))
            customer["preferred_locales"] = Json.Strings(p.Texts("preferred_locales"));
        if (p.Long("balance") is { } balance)
            customer["balance"] = balance;
        if (p.Map("invoice_settings") is { } settings)
        {
            settings.Accept("custom_fields", "rendering_options");
            settings.CopyTo(customer.Obj("invoice_settings")!, "default_payment_method", "footer");
        }
        p.Accept("tax", "tax_id_data", "cash_balance", "next_invoice_sequence");
    }

    private static JsonObject Address(Params p) => new()
    {
        ["city"] = p.Text("city"),
        ["country"] = p.Text("country"),
        ["line1"] = p.Text("line1"),
        ["line2"] = p.Text("line2"),
        ["postal_code"] = p.Text("postal_code"),
        ["state"] = p.Text("state"),
    };

    public static JsonObject Shipping(Params p) => new()
    {
        ["address"] = Address(p.MapOrEmpty("address")),
        ["carrier"] = p.Text("carrier"),
        ["name"] = p.Text("name"),
        ["phone"] = p.Text("phone"),
        ["tracking_number"] = p.Text("tracking_number"),
    };

    private static async Task CheckDefaultMethodAsync(StripeTransaction tx, JsonObject customer)
    {
        if (customer.Obj("invoice_settings").Str("default_payment_method") is not { } id)
            return;
        // Stripe's ready-made names stand for the card of that kind which the customer has.
        var known = TestCards.FindToken(id) is { } card ? (await tx.OfCustomerAsync("payment_method", customer.Id())).FirstOrDefault(m => m.Str("_number") == card.Number)?.Id() : null;
        customer.Obj("invoice_settings")!["default_payment_method"] = known ?? id;
        var method = await tx.GetAsync("payment_method", known ?? id, "invoice_settings[default_payment_method]");
        if (method.Str("customer") != customer.Id())
            throw StripeError.Invalid($"The customer does not have a payment method with the ID {id}. The payment method must be attached to the customer.", "invoice_settings[default_payment_method]", "resource_missing");
    }

    private static async Task<JsonObject> DeleteAsync(Call call)
    {
        var customer = await call.Tx.GetCustomerAsync(call.Id, "id");
        foreach (var subscription in await call.Tx.OfCustomerAsync("subscription", call.Id))
            if (subscription.Str("status") is not ("canceled" or "incomplete_expired"))
                await Cancellation.EndAsync(call.Tx, subscription, "cancellation_requested");
        call.Tx.Emit("customer.deleted", customer);
        customer.Clear();
        customer["id"] = call.Id;
        customer["object"] = "customer";
        customer["deleted"] = true;
        call.Tx.Save(customer);
        return customer;
    }
}
