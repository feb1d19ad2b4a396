using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Charges
{
    public static void Map(StripeApi api)
    {
        api.Retrieve("charges", "charge");
        api.List("charges", "charge", ("customer", "customer"), ("payment_intent", "data->>'payment_intent'"));
        api.Post("charges/{id}", async call =>
        {
            var charge = await call.Tx.GetAsync("charge", call.Id);
            call.Params.CopyTo(charge, "description", "receipt_email");
            if (call.Params.Has("metadata"))
                charge["metadata"] = call.Params.Metadata(charge.Obj("metadata"));
            call.Tx.Update("charge.updated", charge);
            return charge;
        });
    }

    /// <summary>One try to take the intent's amount from the card: a charge that succeeded or failed.</summary>
    public static JsonObject Attempt(StripeTransaction tx, JsonObject intent, JsonObject method, TestCard card, bool declined)
    {
        var id = Ids.New("ch_3", 23);
        var amount = intent.Long("amount");
        var currency = intent.Str("currency")!;
        var charge = new JsonObject
        {
            ["id"] = id,
            ["object"] = "charge",
            ["amount"] = amount,
            ["amount_captured"] = declined ? 0 : amount,
            ["amount_refunded"] = 0,
            ["application"] = null,
            ["application_fee"] = null,
            ["application_fee_amount"] = null,
            ["balance_transaction"] = declined ? null : BalanceTransactions.Add(tx, "charge", amount, BalanceTransactions.FeeOf(amount), currency, id, intent.Str("description")).Id(),
            ["billing_details"] = method.Obj("billing_details")!.Clone(),
            ["calculated_statement_descriptor"] = "AURION",
            ["captured"] = !declined,
            ["created"] = tx.Now,
            ["currency"] = currency,
            ["customer"] = intent.Str("customer"),
            ["description"] = intent.Str("description"),
            ["disputed"] = false,
            ["failure_balance_transaction"] = null,
            ["failure_code"] = declined ? card.Code : null,
            ["failure_message"] = declined ? card.Message : null,
            ["fraud_details"] = new JsonObject(),
            ["livemode"] = false,
            ["metadata"] = intent.Obj("metadata")!.Clone(),
            ["on_behalf_of"] = null,
            ["outcome"] = Outcome(card, declined),
            ["paid"] = !declined,
            ["payment_intent"] = intent.Id(),
            ["payment_method"] = method.Id(),
            ["payment_method_details"] = new JsonObject { ["card"] = CardOf(method, amount), ["type"] = "card" },
            ["receipt_email"] = intent.Str("receipt_email"),
            ["receipt_number"] = null,
            ["receipt_url"] = declined ? null : $"{tx.PublicUrl}/receipts/{id}",
            ["refunded"] = false,
            ["review"] = null,
            ["shipping"] = null,
            ["source"] = null,
            ["source_transfer"] = null,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = null,
            ["status"] = declined ? "failed" : "succeeded",
            ["transfer_data"] = null,
            ["transfer_group"] = null,
        };
        tx.Create(declined ? "charge.failed" : "charge.succeeded", charge);
        return charge;
    }

    /// <summary>The card as a charge tells it, which is not quite as the payment method does.</summary>
    private static JsonObject CardOf(JsonObject method, long amount)
    {
        var card = method.Obj("card")!;
        return new JsonObject
        {
            ["amount_authorized"] = amount,
            ["authorization_code"] = null,
            ["brand"] = card.Str("brand"),
            ["checks"] = card.Obj("checks")!.Clone(),
            ["country"] = card.Str("country"),
            ["electronic_commerce_indicator"] = null,
            ["exp_month"] = card.Long("exp_month"),
            ["exp_year"] = card.Long("exp_year"),
            ["fingerprint"] = card.Str("fingerprint"),
            ["funding"] = card.Str("funding"),
            ["installments"] = null,
            ["last4"] = card.Str("last4"),
            ["mandate"] = null,
            ["network"] = card.Str("brand"),
            ["network_transaction_id"] = null,
            ["regulated_status"] = card.Str("regulated_status"),
            ["three_d_secure"] = null,
            ["transaction_link_id"] = null,
            ["wallet"] = null,
        };
    }

    private static JsonObject Outcome(TestCard card, bool declined) => new()
    {
        ["advice_code"] = declined ? "try_again_later" : null,
        ["network_advice_code"] = null,
        ["network_decline_code"] = null,
        ["network_status"] = declined ? "declined_by_network" : "approved_by_network",
        ["reason"] = declined ? card.DeclineCode ?? card.Code : null,
        ["risk_level"] = "normal",
        ["risk_score"] = 12,
        ["seller_message"] = declined ? "The bank did not return any further details with this decline." : "Payment complete.",
        ["type"] = declined ? "issuer_declined" : "authorized",
    };
}
