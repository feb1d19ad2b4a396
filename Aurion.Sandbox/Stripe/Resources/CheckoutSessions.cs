using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class CheckoutSessions
{
    public static void Map(StripeApi api)
    {
        api.Post("checkout/sessions", CreateAsync);
        api.Retrieve("checkout/sessions", "checkout.session");
        api.Post("checkout/sessions/{id}", UpdateAsync);
        api.List("checkout/sessions", "checkout.session",
            ("customer", "customer"), ("subscription", "data->>'subscription'"), ("payment_intent", "data->>'payment_intent'"), ("status", "data->>'status'"),
            ("customer_details.email", "data->'customer_details'->>'email'"));
        api.Get("checkout/sessions/{id}/line_items", async call => Paging.Slice(call, $"/v1/checkout/sessions/{call.Id}/line_items", (await call.Tx.GetAsync("checkout.session", call.Id)).Data("_line_items")));
        api.Post("checkout/sessions/{id}/expire", async call =>
        {
            var session = await call.Tx.GetAsync("checkout.session", call.Id);
            if (session.Str("status") != "open")
                throw StripeError.Invalid($"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {session.Str("status")}.", "session");
            await ExpireAsync(call.Tx, session);
            return session;
        });
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var mode = p.OneOf("mode", "payment", "subscription", "setup") ?? throw StripeError.MissingParam("mode");
        if (p.Text("ui_mode") is not (null or "hosted" or "hosted_page"))
            throw StripeError.Invalid("This stand-in hosts the page itself: ui_mode must be hosted.", "ui_mode");
        var customer = p.Text("customer") is { } id ? await tx.GetCustomerAsync(id) : null;
        if (mode == "setup")
            return SetUp(tx, p, New(tx, p, mode, customer));
        var items = await CheckoutItems.ReadAsync(tx, p.List("line_items"), mode);
        var session = New(tx, p, mode, customer);
        session["_line_items"] = Json.List($"/v1/checkout/sessions/{session.Id()}/line_items", items);
        session["currency"] = items[0].Str("currency");
        await ReadDiscountsAsync(tx, p, session);
        ReadData(p, session);
        await CheckoutItems.TotalAsync(tx, session);
        tx.Add(session);
        return session;
    }

    /// <summary>A page that saves a card and takes no money.</summary>
    private static JsonObject SetUp(StripeTransaction tx, Params p, JsonObject session)
    {
        foreach (var wrong in new[] { "line_items", "payment_intent_data", "subscription_data", "discounts", "allow_promotion_codes", "invoice_creation" })
        {
            if (p.Has(wrong))
                throw StripeError.Invalid($"You can not pass `{wrong}` in `setup` mode.", wrong);
        }
        var currency = p.Text("currency");
        if (currency is null && !p.Has("allowed_payment_method_types"))
            throw StripeError.MissingParam("currency");
        var data = p.MapOrEmpty("setup_intent_data");
        var intent = SetupIntents.New(tx, session.Str("customer"), data.Text("description"), data.Metadata());
        tx.Create("setup_intent.created", intent);
        (session["currency"], session["setup_intent"]) = (currency, intent.Id());
        (session["amount_subtotal"], session["amount_total"], session["total_details"]) = (null, null, null);
        (session["payment_status"], session["payment_method_collection"]) = ("no_payment_required", "always");
        session["_line_items"] = Json.List($"/v1/checkout/sessions/{session.Id()}/line_items", []);
        tx.Add(session);
        return session;
    }

    private static JsonObject New(StripeTransaction tx, Params p, string mode, JsonObject? customer)
    {
        var id = Ids.New("cs_test_a1", 58);
        var expires = p.Long("expires_at") ?? tx.Now + 86400;
        if (expires < tx.Now + 1800 - 60 || expires > tx.Now + 86400 + 60)
            throw StripeError.Invalid("The `expires_at` timestamp must be less than 24 hours and at least 30 minutes from Checkout Session creation.", "expires_at");
        Accept(p);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "checkout.session",
            ["adaptive_pricing"] = new JsonObject { ["enabled"] = false },
            ["after_expiration"] = null,
            ["allow_promotion_codes"] = p.Bool("allow_promotion_codes"),
            ["allowed_payment_method_types"] = null,
            ["amount_subtotal"] = 0,
            ["amount_total"] = 0,
            ["automatic_tax"] = new JsonObject { ["enabled"] = false, ["liability"] = null, ["provider"] = null, ["status"] = null },
            ["billing_address_collection"] = p.Text("billing_address_collection"),
            ["cancel_url"] = p.Text("cancel_url"),
            ["client_reference_id"] = p.Text("client_reference_id"),
            ["client_secret"] = null,
            ["collected_information"] = null,
            ["consent"] = null,
            ["consent_collection"] = null,
            ["created"] = tx.Now,
            ["currency"] = null,
            ["currency_conversion"] = null,
            ["custom_fields"] = new JsonArray(),
            ["custom_text"] = new JsonObject { ["after_submit"] = null, ["shipping_address"] = null, ["submit"] = null, ["terms_of_service_acceptance"] = null },
            ["customer"] = customer?.Id(),
            ["customer_account"] = null,
            ["customer_creation"] = customer is not null ? null : mode == "subscription" ? "always" : p.Text("customer_creation") ?? "if_required",
            ["customer_details"] = customer is null && !p.Has("customer_email") ? null : Details(customer.Str("email") ?? p.Text("customer_email"), customer.Str("name")),
            ["customer_email"] = p.Text("customer_email"),
            ["discounts"] = new JsonArray(),
            ["expires_at"] = expires,
            ["integration_identifier"] = p.Text("integration_identifier"),
            ["invoice"] = null,
            ["invoice_creation"] = mode == "payment" ? InvoiceCreation(p.MapOrEmpty("invoice_creation")) : null,
            ["livemode"] = false,
            ["locale"] = p.Text("locale"),
            ["managed_payments"] = null,
            ["metadata"] = p.Metadata(),
            ["mode"] = mode,
            ["origin_context"] = null,
            ["payment_intent"] = null,
            ["payment_link"] = null,
            ["payment_method_collection"] = mode == "subscription" ? p.Text("payment_method_collection") ?? "always" : "if_required",
            ["payment_method_configuration_details"] = null,
            ["payment_method_options"] = new JsonObject { ["card"] = new JsonObject { ["request_three_d_secure"] = "automatic" } },
            ["payment_method_types"] = new JsonArray("card"),
            ["payment_status"] = "unpaid",
            ["permissions"] = null,
            ["phone_number_collection"] = new JsonObject { ["enabled"] = false },
            ["recovered_from"] = null,
            ["saved_payment_method_options"] = null,
            ["setup_intent"] = null,
            ["shipping_address_collection"] = null,
            ["shipping_cost"] = null,
            ["shipping_options"] = new JsonArray(),
            ["status"] = "open",
            ["submit_type"] = p.Text("submit_type"),
            ["subscription"] = null,
            ["success_url"] = p.Required("success_url"),
            ["total_details"] = new JsonObject { ["amount_discount"] = 0, ["amount_shipping"] = 0, ["amount_tax"] = 0 },
            ["ui_mode"] = "hosted_page",
            ["url"] = $"{tx.PublicUrl}/c/pay/{id}",
            ["wallet_options"] = null,
        };
    }

    private static JsonObject InvoiceCreation(Params p)
    {
        var data = p.MapOrEmpty("invoice_data");
        data.Accept("account_tax_ids", "custom_fields", "issuer", "rendering_options");
        return new JsonObject
        {
            ["enabled"] = p.Bool("enabled") ?? false,
            ["invoice_data"] = new JsonObject
            {
                ["account_tax_ids"] = null,
                ["custom_fields"] = null,
                ["description"] = data.Text("description"),
                ["footer"] = data.Text("footer"),
                ["issuer"] = null,
                ["metadata"] = data.Metadata(),
                ["rendering_options"] = null,
            },
        };
    }

    private static void Accept(Params p) => p.Accept(
        "ui_mode", "allowed_payment_method_types", "excluded_payment_method_types", "payment_method_options", "customer_update", "automatic_tax", "tax_id_collection", "phone_number_collection", "consent_collection",
        "custom_text", "saved_payment_method_options", "after_expiration", "adaptive_pricing", "origin_context", "branding_settings", "billing_address_collection",
        "payment_method_collection", "customer_creation");

    public static JsonObject Details(string? email, string? name) => new()
    {
        ["address"] = null,
        ["business_name"] = null,
        ["email"] = email,
        ["individual_name"] = null,
        ["name"] = name,
        ["phone"] = null,
        ["tax_exempt"] = "none",
        ["tax_ids"] = new JsonArray(),
    };

    private static async Task ReadDiscountsAsync(StripeTransaction tx, Params p, JsonObject session)
    {
        if (p.List("discounts") is not { Count: > 0 } discounts)
            return;
        if (session["allow_promotion_codes"] is not null)
            throw StripeError.Invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.");
        var (coupon, code) = await Discounts.ResolveAsync(tx, discounts[0].Text("coupon"), discounts[0].Text("promotion_code"), session.Str("customer"));
        if (!await CheckoutPromotion.FitsAsync(tx, session, coupon, code))
            throw StripeError.Invalid("This coupon or promotion code does not apply to this purchase.", "discounts", "coupon_not_applicable");
        session["discounts"] = new JsonArray(new JsonObject { ["coupon"] = coupon.Id(), ["promotion_code"] = code?.Id() });
    }

    private static void ReadData(Params p, JsonObject session)
    {
        if (p.Map("subscription_data") is { } subscription)
        {
            if (session.Str("mode") != "subscription")
                throw StripeError.Invalid("You can not pass `subscription_data` in `payment` mode.", "subscription_data");
            subscription.Accept("billing_mode", "proration_behavior", "invoice_settings");
            session["_data"] = new JsonObject { ["metadata"] = subscription.Metadata(), ["description"] = subscription.Text("description") };
        }
        if (p.Map("payment_intent_data") is { } intent)
        {
            if (session.Str("mode") != "payment")
                throw StripeError.Invalid("You can not pass `payment_intent_data` in `subscription` mode.", "payment_intent_data");
            session["_data"] = new JsonObject { ["metadata"] = intent.Metadata(), ["description"] = intent.Text("description"), ["setup_future_usage"] = intent.Text("setup_future_usage") };
            intent.Accept("receipt_email", "statement_descriptor", "statement_descriptor_suffix", "capture_method", "shipping");
        }
    }

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var session = await call.Tx.GetAsync("checkout.session", call.Id);
        if (call.Params.Has("metadata"))
            session["metadata"] = call.Params.Metadata(session.Obj("metadata"));
        call.Tx.Save(session);
        return session;
    }

    public static Task ExpireAsync(StripeTransaction tx, JsonObject session)
    {
        session["status"] = "expired";
        session["url"] = null;
        tx.Save(session);
        tx.Emit("checkout.session.expired", session);
        return Task.CompletedTask;
    }
}
