using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

internal enum PaymentOutcome { Succeeded, Declined, RequiresAction }

/// <summary>How a payment is tried: is the person there, and has the person just passed 3-D Secure? A call off session is declined when the bank asks.</summary>
internal readonly record struct Payment(bool OnSession, bool Authenticated = false, bool DeclinesWhenAsked = false);

/// <summary>Moves a payment intent through a try with a card.</summary>
internal static class Payments
{
    public static async Task<PaymentOutcome> ConfirmAsync(StripeTransaction tx, JsonObject intent, JsonObject method, Payment how)
    {
        var card = TestCards.Find(method.Str("_number"))!;
        intent["payment_method"] = method.Id();
        intent["last_payment_error"] = null;
        intent["next_action"] = null;
        tx.Save(intent);
        if (!how.Authenticated && Asks(card, method))
            return how.DeclinesWhenAsked ? AskInVain(tx, intent, method, card) : RequireAction(tx, intent);
        if (how.Authenticated && !method.Bool("_set_up"))
        {
            method["_set_up"] = true;
            tx.Save(method);
        }
        var declined = card.Code is not null && !(card.OnlyOnSession && how.OnSession);
        var charge = Charges.Attempt(tx, intent, method, card, declined);
        intent["latest_charge"] = charge.Id();
        if (declined)
            return Decline(tx, intent, method, charge, card.Message, card.Code!, card.DeclineCode);
        intent["status"] = "succeeded";
        intent["amount_received"] = intent.Long("amount");
        tx.Emit("payment_intent.succeeded", intent);
        if (card.DisputeReason is { } reason)
            Disputes.Open(tx, charge, reason, card.OnlyInquiry);
        return PaymentOutcome.Succeeded;
    }

    private static PaymentOutcome AskInVain(StripeTransaction tx, JsonObject intent, JsonObject method, TestCard card)
    {
        var charge = Charges.Attempt(tx, intent, method, card, declined: true);
        intent["latest_charge"] = charge.Id();
        return Decline(tx, intent, method, charge, "Your card was declined. This transaction requires authentication.", "authentication_required", "authentication_required");
    }

    private static bool Asks(TestCard card, JsonObject method) =>
        card.Authentication == Authentication.Always || (card.Authentication == Authentication.UntilSetUp && !method.Bool("_set_up"));

    private static PaymentOutcome RequireAction(StripeTransaction tx, JsonObject intent)
    {
        intent["status"] = "requires_action";
        intent["next_action"] = new JsonObject
        {
            ["redirect_to_url"] = new JsonObject { ["return_url"] = intent.Str("_return_url"), ["url"] = $"{tx.PublicUrl}/3ds/{intent.Id()}" },
            ["type"] = "redirect_to_url",
        };
        tx.Emit("payment_intent.requires_action", intent);
        return PaymentOutcome.RequiresAction;
    }

    /// <summary>The person failed or refused 3-D Secure.</summary>
    public static PaymentOutcome FailAuthentication(StripeTransaction tx, JsonObject intent, JsonObject method) =>
        Decline(tx, intent, method, null, "We are unable to authenticate your payment method. Please choose a different payment method and try again.", "payment_intent_authentication_failure", null);

    private static PaymentOutcome Decline(StripeTransaction tx, JsonObject intent, JsonObject method, JsonObject? charge, string message, string code, string? declineCode)
    {
        var error = new JsonObject();
        if (charge is not null)
            error["charge"] = charge.Id();
        error["code"] = code;
        if (declineCode is not null)
            error["decline_code"] = declineCode;
        error["doc_url"] = $"https://docs.stripe.com/error-codes/{code.Replace('_', '-')}";
        error["message"] = message;
        error["payment_method"] = Json.Public(method);
        error["type"] = charge is null ? "invalid_request_error" : "card_error";
        intent["status"] = "requires_payment_method";
        intent["payment_method"] = null;
        intent["next_action"] = null;
        intent["last_payment_error"] = error;
        tx.Save(intent);
        tx.Emit("payment_intent.payment_failed", intent);
        return PaymentOutcome.Declined;
    }

    /// <summary>The answer to a call whose payment was declined. The try itself stays on record.</summary>
    public static StripeError ErrorOf(JsonObject intent)
    {
        var error = intent.Obj("last_payment_error")!;
        return new StripeError(402, "card_error", error.Str("message")!, error.Str("code"))
        {
            KeepsChanges = true,
            DeclineCode = error.Str("decline_code"),
            Charge = error.Str("charge"),
            PaymentIntent = intent,
            PaymentMethod = error.Obj("payment_method"),
        };
    }
}
