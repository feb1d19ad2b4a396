using System.Globalization;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>An invoice from draft to final: totals, number, the customer's balance.</summary>
internal static class Invoicing
{
    private const long LeastCharge = 50;

    public static async Task<JsonObject> DraftAsync(StripeTransaction tx, JsonObject customer, JsonObject? subscription, string reason, IReadOnlyList<JsonObject> lines, long periodStart, long periodEnd)
    {
        var id = Ids.New("in_1", 23);
        foreach (var line in lines)
            line["invoice"] = id;
        var invoice = New(tx, id, customer, subscription, reason, periodStart, periodEnd);
        invoice["currency"] = lines.Count > 0 ? lines[0].Str("currency") : customer.Str("currency") ?? "usd";
        invoice["lines"] = Json.List($"/v1/invoices/{id}/lines", lines);
        await TotalAsync(tx, invoice, customer, subscription);
        customer["currency"] ??= invoice.Str("currency");
        tx.Save(customer);
        tx.Add(invoice);
        return invoice;
    }

    private static JsonObject New(StripeTransaction tx, string id, JsonObject customer, JsonObject? subscription, string reason, long periodStart, long periodEnd) => new()
    {
        ["id"] = id,
        ["object"] = "invoice",
        ["account_country"] = "US",
        ["account_name"] = "AURION",
        ["account_tax_ids"] = null,
        ["amount_due"] = 0,
        ["amount_overpaid"] = 0,
        ["amount_paid"] = 0,
        ["amount_remaining"] = 0,
        ["amount_shipping"] = 0,
        ["application"] = null,
        ["attempt_count"] = 0,
        ["attempted"] = false,
        ["auto_advance"] = reason != "manual",
        ["automatic_tax"] = new JsonObject { ["disabled_reason"] = null, ["enabled"] = false, ["liability"] = null, ["provider"] = null, ["status"] = null },
        ["automatically_finalizes_at"] = null,
        ["billing_reason"] = reason,
        ["collection_method"] = "charge_automatically",
        ["created"] = tx.Now,
        ["currency"] = null,
        ["custom_fields"] = null,
        ["customer"] = customer.Id(),
        ["customer_account"] = null,
        ["customer_address"] = customer["address"]?.DeepClone(),
        ["customer_email"] = customer.Str("email"),
        ["customer_name"] = customer.Str("name"),
        ["customer_phone"] = customer.Str("phone"),
        ["customer_shipping"] = null,
        ["customer_tax_exempt"] = "none",
        ["customer_tax_ids"] = new JsonArray(),
        ["default_payment_method"] = null,
        ["default_source"] = null,
        ["default_tax_rates"] = new JsonArray(),
        ["description"] = null,
        ["discounts"] = new JsonArray(),
        ["due_date"] = null,
        ["effective_at"] = null,
        ["ending_balance"] = null,
        ["footer"] = null,
        ["from_invoice"] = null,
        ["hosted_invoice_url"] = null,
        ["invoice_pdf"] = null,
        ["issuer"] = new JsonObject { ["type"] = "self" },
        ["last_finalization_error"] = null,
        ["latest_revision"] = null,
        ["lines"] = null,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["next_payment_attempt"] = null,
        ["number"] = null,
        ["on_behalf_of"] = null,
        ["parent"] = subscription is null ? null : new JsonObject
        {
            ["quote_details"] = null,
            ["subscription_details"] = new JsonObject { ["metadata"] = subscription.Obj("metadata")?.Clone(), ["subscription"] = subscription.Id() },
            ["type"] = "subscription_details",
        },
        ["payment_settings"] = new JsonObject { ["default_mandate"] = null, ["payment_method_options"] = null, ["payment_method_types"] = null },
        ["period_end"] = periodEnd,
        ["period_start"] = periodStart,
        ["post_payment_credit_notes_amount"] = 0,
        ["pre_payment_credit_notes_amount"] = 0,
        ["receipt_number"] = null,
        ["rendering"] = null,
        ["shipping_cost"] = null,
        ["shipping_details"] = null,
        ["starting_balance"] = 0,
        ["statement_descriptor"] = null,
        ["status"] = "draft",
        ["status_transitions"] = new JsonObject { ["finalized_at"] = null, ["marked_uncollectible_at"] = null, ["paid_at"] = null, ["voided_at"] = null },
        ["subtotal"] = 0,
        ["subtotal_excluding_tax"] = 0,
        ["test_clock"] = customer.Str("test_clock"),
        ["total"] = 0,
        ["total_discount_amounts"] = new JsonArray(),
        ["total_excluding_tax"] = 0,
        ["total_pretax_credit_amounts"] = new JsonArray(),
        ["total_taxes"] = new JsonArray(),
        ["webhooks_delivered_at"] = null,
    };

    /// <summary>Adds the lines up, with the discounts that hold now.</summary>
    public static async Task TotalAsync(StripeTransaction tx, JsonObject invoice, JsonObject customer, JsonObject? subscription)
    {
        var lines = invoice.Data("lines").ToList();
        await Discounts.ApplyAsync(tx, invoice, lines, customer, subscription);
        var subtotal = lines.Sum(l => l.Long("amount"));
        var total = subtotal - invoice.Arr("total_discount_amounts").OfType<JsonObject>().Sum(d => d.Long("amount"));
        invoice["subtotal"] = subtotal;
        invoice["subtotal_excluding_tax"] = subtotal;
        invoice["total"] = total;
        invoice["total_excluding_tax"] = total;
        var (due, balanceBefore, _) = Settle(total, customer.Long("balance"));
        invoice["starting_balance"] = balanceBefore;
        invoice["amount_due"] = due;
        invoice["amount_remaining"] = due;
    }

    /// <summary>What is to be paid when the customer's balance (negative: credit) has been used, and the balance after.</summary>
    private static (long Due, long BalanceBefore, long BalanceAfter) Settle(long total, long balance)
    {
        var due = total + balance;
        if (due <= 0)
            return (0, balance, due);
        return due < LeastCharge ? (0, balance, due) : (due, balance, 0);
    }

    /// <summary>Gives the invoice its number, uses up the balance and opens it; an invoice over nothing is paid by that.</summary>
    public static async Task FinalizeAsync(StripeTransaction tx, JsonObject invoice)
    {
        var customer = await tx.GetCustomerAsync(invoice.Str("customer")!);
        var subscription = await tx.FindAsync(SubscriptionOf(invoice));
        await TotalAsync(tx, invoice, customer, subscription);
        var (due, _, after) = Settle(invoice.Long("total"), customer.Long("balance"));
        await NumberAsync(tx, invoice, customer);
        if (customer.Long("balance") != after)
        {
            customer["balance"] = after;
            tx.Update("customer.updated", customer);
        }
        invoice["ending_balance"] = after;
        invoice["amount_due"] = due;
        invoice["amount_remaining"] = due;
        invoice["status"] = "open";
        invoice["automatically_finalizes_at"] = null;
        invoice["effective_at"] = tx.Now;
        invoice.Obj("status_transitions")!["finalized_at"] = tx.Now;
        invoice["hosted_invoice_url"] = $"{tx.PublicUrl}/i/{invoice.Id()}";
        invoice["invoice_pdf"] = $"{tx.PublicUrl}/i/{invoice.Id()}/pdf";
        await Discounts.RedeemAsync(tx, invoice, subscription);
        tx.Save(invoice);
        tx.Emit("invoice.finalized", invoice);
        if (due == 0)
            await InvoicePayment.MarkPaidAsync(tx, invoice, null);
        else
            OpenIntent(tx, invoice, customer, subscription);
    }

    private static Task NumberAsync(StripeTransaction tx, JsonObject invoice, JsonObject customer)
    {
        var sequence = customer.Long("next_invoice_sequence");
        invoice["number"] = $"{customer.Str("invoice_prefix")}-{sequence.ToString("0000", CultureInfo.InvariantCulture)}";
        customer["next_invoice_sequence"] = sequence + 1;
        tx.Save(customer);
        return Task.CompletedTask;
    }

    private static void OpenIntent(StripeTransaction tx, JsonObject invoice, JsonObject customer, JsonObject? subscription)
    {
        var description = invoice.Str("billing_reason") switch { "subscription_create" => "Subscription creation", "subscription_update" or "subscription_cycle" => "Subscription update", _ => "Invoice " + invoice.Str("number") };
        var intent = PaymentIntents.New(tx, invoice.Long("amount_due"), invoice.Str("currency")!, customer.Id(), description, []);
        intent["_invoice"] = invoice.Id();
        intent["receipt_email"] = customer.Str("email");
        intent["setup_future_usage"] = subscription is null ? null : "off_session";
        invoice["_payment_intent"] = intent.Id();
        tx.Create("payment_intent.created", intent);
        InvoicePayments.Open(tx, invoice, intent);
    }

    public static string? SubscriptionOf(JsonObject invoice) => invoice.Obj("parent").Obj("subscription_details").Str("subscription");

    public static async Task VoidAsync(StripeTransaction tx, JsonObject invoice)
    {
        if (await tx.FindAsync(invoice.Str("_payment_intent")) is { } intent && intent.Str("status") is not ("succeeded" or "canceled"))
            PaymentIntents.Cancel(tx, intent, "void_invoice");
        await InvoicePayments.CloseAsync(tx, invoice, "canceled");
        // A voided invoice gives back what it had taken from the customer's balance.
        var given = invoice.Long("starting_balance") - (invoice.LongOrNull("ending_balance") ?? invoice.Long("starting_balance"));
        if (given != 0)
        {
            var customer = await tx.GetCustomerAsync(invoice.Str("customer")!);
            customer["balance"] = customer.Long("balance") + given;
            tx.Update("customer.updated", customer);
        }
        invoice["status"] = "void";
        invoice["auto_advance"] = false;
        invoice["next_payment_attempt"] = null;
        invoice.Obj("status_transitions")!["voided_at"] = tx.Now;
        tx.Save(invoice);
        tx.Emit("invoice.voided", invoice);
    }
}
