using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class PaymentMethods
{
    public static void Map(StripeApi api)
    {
        api.Post("payment_methods", call => Task.FromResult(Create(call)));
        api.Retrieve("payment_methods", "payment_method");
        api.Post("payment_methods/{id}", UpdateAsync);
        api.Post("payment_methods/{id}/attach", call => AttachAsync(call.Tx, call.Id, call.Params.Required("customer")));
        api.Post("payment_methods/{id}/detach", DetachAsync);
        api.List("payment_methods", "payment_method", ("customer", "customer"), ("type", "data->>'type'"));
    }

    private static JsonObject Create(Call call)
    {
        var p = call.Params;
        if (p.OneOf("type", "card") is null)
            throw StripeError.MissingParam("type");
        var card = p.MapOrEmpty("card");
        var known = card.Text("token") is { } token
            ? TestCards.FindToken(token) ?? throw StripeError.NoSuch("token", token, "card[token]")
            : FindCard(card.Required("number").Replace(" ", "", StringComparison.Ordinal));
        var billing = p.MapOrEmpty("billing_details");
        billing.Accept("address", "phone", "tax_id");
        p.Accept("allow_redisplay", "radar_options");
        card.Accept("cvc");
        var method = New(call.Tx, known, (int)(card.Long("exp_month") ?? 12), (int)(card.Long("exp_year") ?? 2034), billing.Text("email"), billing.Text("name"));
        method["metadata"] = p.Metadata();
        call.Tx.Add(method);
        return method;
    }

    public static TestCard FindCard(string number) => TestCards.Find(number)
        ?? throw new StripeError(402, "card_error", TestCards.IsCardNumber(number)
            ? "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing."
            : "Your card number is incorrect.", TestCards.IsCardNumber(number) ? "card_declined" : "incorrect_number", "number");

    public static JsonObject New(StripeTransaction tx, TestCard card, int month, int year, string? email, string? name) => new()
    {
        ["id"] = Ids.New("pm_1", 23),
        ["object"] = "payment_method",
        ["allow_redisplay"] = "unspecified",
        ["billing_details"] = new JsonObject { ["address"] = null, ["email"] = email, ["name"] = name, ["phone"] = null, ["tax_id"] = null },
        ["card"] = new JsonObject
        {
            ["brand"] = card.Brand,
            ["checks"] = new JsonObject { ["address_line1_check"] = null, ["address_postal_code_check"] = null, ["cvc_check"] = "pass" },
            ["country"] = "US",
            ["display_brand"] = card.Brand,
            ["exp_month"] = month,
            ["exp_year"] = year,
            ["fingerprint"] = "fp" + card.Number[^8..] + "sandbox",
            ["funding"] = card.Funding,
            ["generated_from"] = null,
            ["last4"] = card.Last4,
            ["networks"] = new JsonObject { ["available"] = new JsonArray(card.Brand), ["preferred"] = null },
            ["regulated_status"] = "unregulated",
            ["three_d_secure_usage"] = new JsonObject { ["supported"] = true },
            ["wallet"] = null,
        },
        ["created"] = tx.Now,
        ["customer"] = null,
        ["customer_account"] = null,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["type"] = "card",
        ["_number"] = card.Number,
    };

    /// <summary>A payment method by id; Stripe's ready-made names become a method of their own.</summary>
    public static async Task<JsonObject> ResolveAsync(StripeTransaction tx, string id, string param = "payment_method")
    {
        if (TestCards.FindToken(id) is not { } card)
            return await tx.GetAsync("payment_method", id, param);
        var method = New(tx, card, 12, 2034, null, null);
        tx.Add(method);
        return method;
    }

    public static async Task<JsonObject> AttachAsync(StripeTransaction tx, string id, string customer)
    {
        var method = await ResolveAsync(tx, id, "payment_method");
        var owner = await tx.GetCustomerAsync(customer);
        if (method.Str("customer") is { } other && other != customer)
            throw StripeError.Invalid("The payment method you provided has already been attached to a customer.", "payment_method");
        var card = TestCards.Find(method.Str("_number"))!;
        if (card is { Code: not null, OnlyOnSession: false, DeclinesAfterAuthentication: false })
            throw Declined(card);
        if (method.Str("customer") is null)
        {
            method["customer"] = owner.Id();
            tx.Save(method);
            tx.Emit("payment_method.attached", method);
        }
        return method;
    }

    public static StripeError Declined(TestCard card) => new(402, "card_error", card.Message, card.Code, null) { DeclineCode = card.DeclineCode };

    private static async Task<JsonObject> DetachAsync(Call call)
    {
        var method = await call.Tx.GetAsync("payment_method", call.Id);
        if (method.Str("customer") is not { } customer)
            throw StripeError.Invalid("The payment method you provided is not attached to a customer so detachment is impossible.", "payment_method");
        method["customer"] = null;
        call.Tx.Update("payment_method.detached", method);
        await ForgetAsync(call.Tx, customer, method.Id());
        return method;
    }

    private static async Task ForgetAsync(StripeTransaction tx, string customer, string method)
    {
        var owner = await tx.GetCustomerAsync(customer);
        if (owner.Obj("invoice_settings").Str("default_payment_method") == method)
        {
            owner.Obj("invoice_settings")!["default_payment_method"] = null;
            tx.Update("customer.updated", owner);
        }
        foreach (var subscription in (await tx.OfCustomerAsync("subscription", customer)).Where(s => s.Str("default_payment_method") == method))
        {
            subscription["default_payment_method"] = null;
            tx.Update("customer.subscription.updated", subscription);
        }
    }

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var method = await call.Tx.GetAsync("payment_method", call.Id);
        if (call.Params.Map("billing_details") is { } billing)
        {
            billing.CopyTo(method.Obj("billing_details")!, "email", "name", "phone");
            billing.Accept("address");
        }
        if (call.Params.Map("card") is { } card)
        {
            method.Obj("card")!["exp_month"] = card.Long("exp_month") ?? method.Obj("card")!.Long("exp_month");
            method.Obj("card")!["exp_year"] = card.Long("exp_year") ?? method.Obj("card")!.Long("exp_year");
        }
        if (call.Params.Has("metadata"))
            method["metadata"] = call.Params.Metadata(method.Obj("metadata"));
        call.Tx.Update("payment_method.updated", method);
        return method;
    }
}
