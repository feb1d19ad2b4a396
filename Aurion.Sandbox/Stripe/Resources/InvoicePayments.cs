using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

/// <summary>Which payment intent pays which invoice: the link that replaced <c>invoice.payment_intent</c> and <c>charge.invoice</c>.</summary>
internal static class InvoicePayments
{
    public static void Map(StripeApi api)
    {
        api.Retrieve("invoice_payments", "invoice_payment");
        api.List("invoice_payments", "invoice_payment",
            ("invoice", "data->>'invoice'"), ("status", "data->>'status'"), ("payment.type", "data->'payment'->>'type'"), ("payment.payment_intent", "data->'payment'->>'payment_intent'"));
    }

    public static void Open(StripeTransaction tx, JsonObject invoice, JsonObject intent)
    {
        var payment = new JsonObject
        {
            ["id"] = Ids.New("inpay_1", 23),
            ["object"] = "invoice_payment",
            ["amount_paid"] = null,
            ["amount_requested"] = intent.Long("amount"),
            ["created"] = tx.Now,
            ["currency"] = invoice.Str("currency"),
            ["invoice"] = invoice.Id(),
            ["is_default"] = true,
            ["livemode"] = false,
            ["payment"] = new JsonObject { ["payment_intent"] = intent.Id(), ["type"] = "payment_intent" },
            ["status"] = "open",
            ["status_transitions"] = new JsonObject { ["canceled_at"] = null, ["paid_at"] = null },
            ["_customer"] = invoice.Str("customer"),
        };
        invoice["_invoice_payment"] = payment.Id();
        tx.Add(payment);
    }

    public static async Task CloseAsync(StripeTransaction tx, JsonObject invoice, string status)
    {
        if (await tx.FindAsync(invoice.Str("_invoice_payment")) is not { } payment || payment.Str("status") != "open")
            return;
        payment["status"] = status;
        payment.Obj("status_transitions")![status + "_at"] = tx.Now;
        if (status == "paid")
            payment["amount_paid"] = payment.Long("amount_requested");
        tx.Save(payment);
        if (status == "paid")
            tx.Emit("invoice_payment.paid", payment);
    }
}
