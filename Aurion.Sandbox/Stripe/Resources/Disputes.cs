using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

/// <summary>A card holder contests a charge: the amount and a fee leave the balance, and the amount comes back if the dispute is won.</summary>
internal static class Disputes
{
    private const long Fee = 1500;

    public static void Map(StripeApi api)
    {
        api.Retrieve("disputes", "dispute");
        api.List("disputes", "dispute", ("charge", "data->>'charge'"), ("payment_intent", "data->>'payment_intent'"));
        api.Post("disputes/{id}", UpdateAsync);
        api.Post("disputes/{id}/close", async call =>
        {
            var dispute = await call.Tx.GetAsync("dispute", call.Id);
            await CloseAsync(call.Tx, dispute, won: false);
            return dispute;
        });
    }

    /// <param name="part">The disputed part, when it is not all that is left.</param>
    public static JsonObject Open(StripeTransaction tx, JsonObject charge, string reason, bool onlyInquiry = false, long? part = null)
    {
        if (charge.Bool("disputed"))
            throw StripeError.Invalid($"Charge {charge.Id()} has been disputed already.", "charge");
        var amount = charge.Long("amount") - charge.Long("amount_refunded");
        if (charge.Str("status") != "succeeded" || amount <= 0 || part is <= 0 || part > amount)
            throw StripeError.Invalid($"Nothing of charge {charge.Id()} is left to dispute.", "charge");
        amount = part ?? amount;
        var id = Ids.New("du_1", 23);
        var withdrawal = onlyInquiry ? null : BalanceTransactions.Add(tx, "adjustment", -amount, Fee, charge.Str("currency")!, id, $"Chargeback withdrawal for {charge.Id()}");
        var dispute = new JsonObject
        {
            ["id"] = id,
            ["object"] = "dispute",
            ["amount"] = amount,
            ["balance_transactions"] = withdrawal is null ? [] : new JsonArray(withdrawal.Clone()),
            ["charge"] = charge.Id(),
            ["created"] = tx.Now,
            ["currency"] = charge.Str("currency"),
            ["enhanced_eligibility_types"] = new JsonArray(),
            ["evidence"] = NoEvidence(),
            ["evidence_details"] = new JsonObject { ["due_by"] = tx.Now + (9 * 86400), ["enhanced_eligibility"] = new JsonObject(), ["has_evidence"] = false, ["past_due"] = false, ["submission_count"] = 0, ["submission_method"] = "not_submitted" },
            ["intended_submission_method"] = null,
            ["is_charge_refundable"] = onlyInquiry,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = charge.Str("payment_intent"),
            ["payment_method_details"] = new JsonObject { ["card"] = new JsonObject { ["brand"] = "visa", ["case_type"] = onlyInquiry ? "inquiry" : "chargeback", ["network"] = "visa", ["network_reason_code"] = "10" }, ["type"] = "card" },
            ["reason"] = reason,
            ["status"] = onlyInquiry ? "warning_needs_response" : "needs_response",
            ["_customer"] = charge.Str("customer"),
        };
        charge["disputed"] = true;
        charge["_dispute"] = id;
        charge["_dispute_won"] = onlyInquiry;
        tx.Create("charge.dispute.created", dispute);
        tx.Update("charge.updated", charge);
        if (!onlyInquiry)
            tx.Emit("charge.dispute.funds_withdrawn", dispute);
        return dispute;
    }

    private static JsonObject NoEvidence()
    {
        string[] members =
        [
            "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication", "customer_email_address",
            "customer_name", "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id", "product_description",
            "receipt", "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
            "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
        ];
        return new JsonObject(members.Select(m => KeyValuePair.Create(m, (JsonNode?)null))) { ["enhanced_evidence"] = new JsonObject() };
    }

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var dispute = await tx.GetAsync("dispute", call.Id);
        if (IsClosed(dispute))
            throw StripeError.Invalid("This dispute is already closed.");
        if (p.Has("metadata"))
            dispute["metadata"] = p.Metadata(dispute.Obj("metadata"));
        var evidence = p.MapOrEmpty("evidence");
        var text = evidence.Text("uncategorized_text");
        foreach (var key in evidence.Keys)
            dispute.Obj("evidence")![key] = dispute.Obj("evidence")!.ContainsKey(key) ? evidence.Text(key) : throw StripeError.Invalid($"Received unknown parameter: evidence[{key}]", $"evidence[{key}]", "parameter_unknown");
        var submit = p.Bool("submit") ?? p.Has("evidence");
        dispute.Obj("evidence_details")!["has_evidence"] = p.Has("evidence");
        if (submit)
        {
            dispute["status"] = dispute.Str("status") == "warning_needs_response" ? "warning_under_review" : "under_review";
            (dispute.Obj("evidence_details")!["submission_count"], dispute.Obj("evidence_details")!["submission_method"]) = (1, "manual");
        }
        tx.Update("charge.dispute.updated", dispute);
        // Stripe's own test words decide the case at once.
        if (submit && text is "winning_evidence" or "losing_evidence")
            await CloseAsync(tx, dispute, won: text == "winning_evidence");
        return dispute;
    }

    private static bool IsClosed(JsonObject dispute) => dispute.Str("status") is "won" or "lost" or "warning_closed";

    /// <param name="overturned">A bank may still decide for the merchant after the case was lost.</param>
    public static async Task CloseAsync(StripeTransaction tx, JsonObject dispute, bool won, bool overturned = false)
    {
        if (IsClosed(dispute) && !(overturned && won && dispute.Str("status") == "lost"))
            throw StripeError.Invalid("This dispute is already closed.");
        var moved = dispute.Arr("balance_transactions").Count > 0;
        dispute["status"] = !moved ? "warning_closed" : won ? "won" : "lost";
        tx.Save(dispute);
        if (won && moved)
            await ReinstateAsync(tx, dispute);
        tx.Emit("charge.dispute.closed", dispute);
        if (won && moved)
            tx.Emit("charge.dispute.funds_reinstated", dispute);
    }

    private static async Task ReinstateAsync(StripeTransaction tx, JsonObject dispute)
    {
        var charge = await tx.GetAsync("charge", dispute.Str("charge")!);
        charge["_dispute_won"] = true;
        tx.Save(charge);
        dispute["is_charge_refundable"] = true;
        var back = BalanceTransactions.Add(tx, "adjustment", dispute.Long("amount"), 0, dispute.Str("currency")!, dispute.Id(), $"Chargeback reversal for {charge.Id()}");
        dispute.Arr("balance_transactions").Add(back.Clone());
    }
}
