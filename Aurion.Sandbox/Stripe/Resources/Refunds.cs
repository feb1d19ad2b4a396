using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Refunds
{
    public static void Map(StripeApi api)
    {
        api.Post("refunds", CreateAsync);
        api.Retrieve("refunds", "refund");
        api.List("refunds", "refund", ("charge", "data->>'charge'"), ("payment_intent", "data->>'payment_intent'"));
        api.Post("refunds/{id}", async call =>
        {
            var refund = await call.Tx.GetAsync("refund", call.Id);
            refund["metadata"] = call.Params.Metadata(refund.Obj("metadata"));
            call.Tx.Update("refund.updated", refund);
            return refund;
        });
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var chargeId = p.Text("charge");
        if (chargeId is null)
        {
            var intent = await tx.GetAsync("payment_intent", p.Text("payment_intent") ?? throw StripeError.Invalid("One of the following params should be provided for this request: payment_intent or charge.", "payment_intent", "parameter_missing"), "payment_intent");
            chargeId = intent.Str("status") == "succeeded" ? intent.Str("latest_charge") : throw StripeError.Invalid($"This PaymentIntent ({intent.Id()}) does not have a successful charge to refund.", "payment_intent");
        }
        p.Accept("payment_intent", "refund_application_fee", "reverse_transfer", "instructions_email");
        var charge = await tx.GetAsync("charge", chargeId!, "charge");
        return await RefundAsync(tx, charge, p.Long("amount"), p.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer"), p.Metadata());
    }

    /// <summary>Gives back a part of a charge, or what is left of it.</summary>
    public static async Task<JsonObject> RefundAsync(StripeTransaction tx, JsonObject charge, long? wanted, string? reason, JsonObject metadata)
    {
        if (charge.Str("customer") is { } customer && await tx.FindAsync(customer) is { } owner)
            await tx.FollowClockAsync(owner.Str("test_clock"));
        var left = charge.Long("amount") - charge.Long("amount_refunded");
        if (charge.Str("status") != "succeeded")
            throw StripeError.Invalid($"Charge {charge.Id()} has not been captured and cannot be refunded.", "charge");
        if (charge.Bool("disputed") && !charge.Bool("_dispute_won"))
            throw StripeError.Invalid($"Charge {charge.Id()} has been charged back; cannot issue a refund.", "charge", "charge_disputed");
        if (left == 0)
            throw StripeError.Invalid($"Charge {charge.Id()} has already been refunded.", "charge", "charge_already_refunded");
        var amount = wanted ?? left;
        if (amount < 1)
            throw StripeError.Invalid("Invalid positive integer", "amount", "parameter_invalid_integer");
        if (amount > left)
            throw StripeError.Invalid($"Refund amount ({Billing.InvoiceLines.Money(amount, charge.Str("currency")!)}) is greater than unrefunded amount on charge ({Billing.InvoiceLines.Money(left, charge.Str("currency")!)})", "amount", "amount_too_large");

        var refund = New(tx, charge, amount, reason, metadata);
        charge["amount_refunded"] = charge.Long("amount_refunded") + amount;
        charge["refunded"] = charge.Long("amount_refunded") == charge.Long("amount");
        tx.Add(refund);
        tx.Update("charge.refunded", charge);
        tx.Emit("refund.created", refund);
        tx.Emit("refund.updated", refund);
        return refund;
    }

    /// <summary>The bank could not give the money to the card: it returns to the balance, days after the refund was reported as done.</summary>
    public static async Task<JsonObject> FailAsync(StripeTransaction tx, JsonObject refund)
    {
        if (refund.Str("status") == "failed")
            throw StripeError.Invalid($"Refund {refund.Id()} has failed already.", "refund");
        var amount = refund.Long("amount");
        refund["status"] = "failed";
        refund["failure_reason"] = "lost_or_stolen_card";
        refund["failure_balance_transaction"] = BalanceTransactions.Add(tx, "refund_failure", amount, 0, refund.Str("currency")!, refund.Id(), "REFUND FAILURE").Id();
        var charge = await tx.GetAsync("charge", refund.Str("charge")!, "charge");
        charge["amount_refunded"] = charge.Long("amount_refunded") - amount;
        charge["refunded"] = false;
        tx.Save(charge);
        tx.Update("refund.updated", refund);
        tx.Emit("refund.failed", refund);
        return refund;
    }

    private static JsonObject New(StripeTransaction tx, JsonObject charge, long amount, string? reason, JsonObject metadata)
    {
        var id = Ids.New("re_3", 23);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "refund",
            ["amount"] = amount,
            ["balance_transaction"] = BalanceTransactions.Add(tx, "refund", -amount, 0, charge.Str("currency")!, id, "REFUND FOR CHARGE").Id(),
            ["charge"] = charge.Id(),
            ["created"] = tx.Now,
            ["currency"] = charge.Str("currency"),
            ["customer"] = charge.Str("customer"),
            ["customer_account"] = null,
            ["destination_details"] = new JsonObject { ["card"] = new JsonObject { ["reference_status"] = "pending", ["reference_type"] = "acquirer_reference_number", ["type"] = "refund" }, ["type"] = "card" },
            ["metadata"] = metadata,
            ["payment_intent"] = charge.Str("payment_intent"),
            ["payment_method"] = charge.Str("payment_method"),
            ["reason"] = reason,
            ["receipt_number"] = null,
            ["source_transfer_reversal"] = null,
            ["status"] = "succeeded",
            ["transfer_reversal"] = null,
        };
    }
}
