using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class PaymentIntents
{
    public static void Map(StripeApi api)
    {
        api.Post("payment_intents", CreateAsync);
        api.Retrieve("payment_intents", "payment_intent");
        api.Post("payment_intents/{id}", UpdateAsync);
        api.Post("payment_intents/{id}/confirm", async call => await ConfirmAsync(call, await call.Tx.GetAsync("payment_intent", call.Id)));
        api.Post("payment_intents/{id}/cancel", CancelAsync);
        api.List("payment_intents", "payment_intent", ("customer", "customer"));
    }

    public static JsonObject New(StripeTransaction tx, long amount, string currency, string? customer, string? description, JsonObject metadata)
    {
        var id = Ids.New("pi_3", 23);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "payment_intent",
            ["allowed_payment_method_types"] = null,
            ["amount"] = amount,
            ["amount_capturable"] = 0,
            ["amount_received"] = 0,
            ["application"] = null,
            ["application_fee_amount"] = null,
            ["automatic_payment_methods"] = null,
            ["canceled_at"] = null,
            ["cancellation_reason"] = null,
            ["capture_method"] = "automatic_async",
            ["client_secret"] = $"{id}_secret_{Ids.New("", 25)}",
            ["confirmation_method"] = "automatic",
            ["created"] = tx.Now,
            ["currency"] = currency,
            ["customer"] = customer,
            ["customer_account"] = null,
            ["description"] = description,
            ["excluded_payment_method_types"] = null,
            ["last_payment_error"] = null,
            ["latest_charge"] = null,
            ["livemode"] = false,
            ["managed_payments"] = null,
            ["metadata"] = metadata,
            ["next_action"] = null,
            ["on_behalf_of"] = null,
            ["payment_method"] = null,
            ["payment_method_configuration_details"] = null,
            ["payment_method_options"] = new JsonObject { ["card"] = new JsonObject { ["installments"] = null, ["mandate_options"] = null, ["network"] = null, ["request_three_d_secure"] = "automatic" } },
            ["payment_method_types"] = new JsonArray("card"),
            ["payment_record"] = null,
            ["processing"] = null,
            ["receipt_email"] = null,
            ["review"] = null,
            ["setup_future_usage"] = null,
            ["shipping"] = null,
            ["source"] = null,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = null,
            ["status"] = "requires_payment_method",
            ["transfer_data"] = null,
            ["transfer_group"] = null,
        };
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var customer = p.Text("customer");
        if (customer is not null)
            await tx.GetCustomerAsync(customer);
        var amount = p.Long("amount") ?? throw StripeError.MissingParam("amount");
        if (amount < 50)
            throw StripeError.Invalid("Amount must be at least $0.50 usd", "amount", "amount_too_small");
        var intent = New(tx, amount, p.Required("currency").ToLowerInvariant(), customer, p.Text("description"), p.Metadata());
        p.CopyTo(intent, "receipt_email", "setup_future_usage", "statement_descriptor_suffix");
        // https://docs.stripe.com/changelog/endive/2026-09-30/removes-the-payment-method-types-parameter-from-payment-intents-and-setup-intents
        if (p.Has("payment_method_types"))
            throw StripeError.Invalid("`payment_method_types` is no longer supported. Use dynamic payment methods or `allowed_payment_method_types` instead.", "payment_method_types", "payment_method_types_no_longer_supported");
        p.Accept("allowed_payment_method_types", "excluded_payment_method_types", "capture_method", "confirmation_method", "payment_method_options");
        if (p.Map("automatic_payment_methods") is { } automatic)
            intent["automatic_payment_methods"] = new JsonObject { ["allow_redirects"] = automatic.OneOf("allow_redirects", "always", "never") ?? "always", ["enabled"] = automatic.Bool("enabled") ?? throw StripeError.MissingParam("automatic_payment_methods[enabled]") };
        if (p.Map("shipping") is { } shipping)
        {
            intent["shipping"] = Customers.Shipping(shipping);
        }
        tx.Create("payment_intent.created", intent);
        if (p.Bool("confirm") == true)
            return await ConfirmAsync(call, intent);
        if (p.Text("payment_method") is { } method)
        {
            intent["payment_method"] = (await PaymentMethods.ResolveAsync(tx, method)).Id();
            intent["status"] = "requires_confirmation";
        }
        p.Accept("off_session", "return_url", "error_on_requires_action");
        return intent;
    }

    private static async Task<JsonObject> ConfirmAsync(Call call, JsonObject intent)
    {
        var (tx, p) = (call.Tx, call.Params);
        if (intent.Str("status") is not ("requires_payment_method" or "requires_confirmation" or "requires_action"))
            throw new StripeError(400, "invalid_request_error", $"You cannot confirm this PaymentIntent because it has a status of {intent.Str("status")}.", "payment_intent_unexpected_state") { PaymentIntent = intent };
        if (intent.Str("customer") is { } customer)
            await tx.GetCustomerAsync(customer);
        p.Accept("error_on_requires_action", "setup_future_usage", "payment_method_options", "mandate_data", "use_stripe_sdk");
        var method = await PaymentMethods.ResolveAsync(tx, p.Text("payment_method") ?? intent.Str("payment_method") ?? throw StripeError.MissingParam("payment_method"));
        var offSession = p.Text("off_session") is not (null or "false");
        intent["_return_url"] = p.Text("return_url");
        var outcome = intent.Str("_invoice") is { } invoice
            ? await InvoicePayment.AttemptAsync(tx, await tx.GetAsync("invoice", invoice), method, new Payment(OnSession: !offSession))
            : await Payments.ConfirmAsync(tx, intent, method, new Payment(OnSession: !offSession, DeclinesWhenAsked: offSession));
        return outcome is PaymentOutcome.Declined ? throw Payments.ErrorOf(intent) : intent;
    }

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var intent = await tx.GetAsync("payment_intent", call.Id);
        p.CopyTo(intent, "description", "receipt_email", "setup_future_usage");
        if (p.Long("amount") is { } amount)
            intent["amount"] = amount;
        if (p.Text("payment_method") is { } method)
            intent["payment_method"] = (await PaymentMethods.ResolveAsync(tx, method)).Id();
        if (p.Has("metadata"))
            intent["metadata"] = p.Metadata(intent.Obj("metadata"));
        tx.Save(intent);
        return intent;
    }

    private static async Task<JsonObject> CancelAsync(Call call)
    {
        var intent = await call.Tx.GetAsync("payment_intent", call.Id);
        if (intent.Str("_invoice") is not null)
            throw StripeError.Invalid("You cannot cancel a PaymentIntent that belongs to an invoice; void the invoice instead.", "intent", "payment_intent_unexpected_state");
        if (intent.Str("status") is "succeeded" or "canceled")
            throw new StripeError(400, "invalid_request_error", $"You cannot cancel this PaymentIntent because it has a status of {intent.Str("status")}.", "payment_intent_unexpected_state") { PaymentIntent = intent };
        Cancel(call.Tx, intent, call.Params.OneOf("cancellation_reason", "abandoned", "duplicate", "fraudulent", "requested_by_customer"));
        return intent;
    }

    public static void Cancel(StripeTransaction tx, JsonObject intent, string? reason)
    {
        intent["status"] = "canceled";
        intent["canceled_at"] = tx.Now;
        intent["cancellation_reason"] = reason;
        intent["next_action"] = null;
        tx.Save(intent);
        tx.Emit("payment_intent.canceled", intent);
    }
}
