using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

/// <summary>Cards that are saved without a payment, as a payment page in setup mode does it.</summary>
internal static class SetupIntents
{
    public static void Map(StripeApi api)
    {
        api.Retrieve("setup_intents", "setup_intent");
        api.List("setup_intents", "setup_intent", ("customer", "customer"), ("payment_method", "data->>'payment_method'"));
    }

    public static JsonObject New(StripeTransaction tx, string? customer, string? description, JsonObject metadata)
    {
        var id = Ids.New("seti_1", 23);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "setup_intent",
            ["allowed_payment_method_types"] = null,
            ["application"] = null,
            ["automatic_payment_methods"] = null,
            ["cancellation_reason"] = null,
            ["client_secret"] = $"{id}_secret_{Ids.New("", 25)}",
            ["created"] = tx.Now,
            ["customer"] = customer,
            ["customer_account"] = null,
            ["description"] = description,
            ["excluded_payment_method_types"] = null,
            ["flow_directions"] = null,
            ["last_setup_error"] = null,
            ["latest_attempt"] = null,
            ["livemode"] = false,
            ["mandate"] = null,
            ["metadata"] = metadata,
            ["next_action"] = null,
            ["on_behalf_of"] = null,
            ["payment_method"] = null,
            ["payment_method_configuration_details"] = null,
            ["payment_method_options"] = new JsonObject { ["card"] = new JsonObject { ["mandate_options"] = null, ["network"] = null, ["request_three_d_secure"] = "automatic" } },
            ["payment_method_types"] = new JsonArray("card"),
            ["single_use_mandate"] = null,
            ["status"] = "requires_payment_method",
            ["usage"] = "off_session",
        };
    }

    public static void Succeed(StripeTransaction tx, JsonObject intent, JsonObject method, string? customer)
    {
        (intent["status"], intent["payment_method"], intent["customer"], intent["last_setup_error"]) = ("succeeded", method.Id(), customer, null);
        tx.Save(intent);
        tx.Emit("setup_intent.succeeded", intent);
    }

    /// <summary>The bank refused the card; what the person is told.</summary>
    public static string Decline(StripeTransaction tx, JsonObject intent, JsonObject method, TestCard card) =>
        Fail(tx, intent, method, "card_error", card.Code!, card.Message);

    /// <summary>The person failed or refused 3-D Secure; what the person is told.</summary>
    public static string FailAuthentication(StripeTransaction tx, JsonObject intent, JsonObject method) => Fail(tx, intent, method, "invalid_request_error", "setup_intent_authentication_failure",
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.");

    private static string Fail(StripeTransaction tx, JsonObject intent, JsonObject method, string type, string code, string message)
    {
        intent["last_setup_error"] = new JsonObject
        {
            ["code"] = code,
            ["doc_url"] = $"https://docs.stripe.com/error-codes/{code.Replace('_', '-')}",
            ["message"] = message,
            ["payment_method"] = Json.Public(method),
            ["type"] = type,
        };
        tx.Save(intent);
        tx.Emit("setup_intent.setup_failed", intent);
        return message;
    }
}
