using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Invoices
{
    public static void Map(StripeApi api)
    {
        api.Post("invoices", CreateAsync);
        api.Post("invoices/create_preview", InvoicePreview.CreateAsync);
        api.Retrieve("invoices", "invoice");
        api.Post("invoices/{id}", UpdateAsync);
        api.List("invoices", "invoice",
            ("customer", "customer"), ("subscription", "data->'parent'->'subscription_details'->>'subscription'"), ("status", "data->>'status'"), ("collection_method", "data->>'collection_method'"));
        api.Get("invoices/{id}/lines", async call => Paging.Slice(call, $"/v1/invoices/{call.Id}/lines", (await call.Tx.GetAsync("invoice", call.Id)).Data("lines")));
        api.Post("invoices/{id}/finalize", FinalizeAsync);
        api.Post("invoices/{id}/pay", PayAsync);
        api.Post("invoices/{id}/void", VoidAsync);
        api.Post("invoices/{id}/mark_uncollectible", async call =>
        {
            var invoice = await GetAsync(call, "open");
            invoice["status"] = "uncollectible";
            invoice["next_payment_attempt"] = null;
            invoice.Obj("status_transitions")!["marked_uncollectible_at"] = call.Tx.Now;
            call.Tx.Update("invoice.marked_uncollectible", invoice);
            return invoice;
        });
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var customer = await tx.GetCustomerAsync(p.Required("customer"));
        var behavior = p.OneOf("pending_invoice_items_behavior", "include", "exclude") ?? "exclude";
        var subscription = p.Text("subscription") is { } id ? await tx.GetAsync("subscription", id, "subscription") : null;
        var lines = behavior == "include" ? await InvoiceItems.TakeAsync(tx, customer.Id(), subscription?.Id()) : [];
        var invoice = await Invoicing.DraftAsync(tx, customer, subscription, "manual", lines, tx.Now, tx.Now);
        InvoiceItems.Assign(tx, invoice);
        invoice["auto_advance"] = p.Bool("auto_advance") ?? false;
        invoice["currency"] = p.Text("currency") ?? invoice.Str("currency");
        p.Accept("collection_method", "payment_settings", "automatic_tax", "days_until_due");
        Read(p, invoice);
        if (invoice.Bool("auto_advance"))
            invoice["automatically_finalizes_at"] = tx.Now + 3600;
        tx.Save(invoice);
        tx.Emit("invoice.created", invoice);
        return invoice;
    }

    private static void Read(Params p, JsonObject invoice)
    {
        p.CopyTo(invoice, "description", "footer", "default_payment_method");
        if (p.Has("metadata"))
            invoice["metadata"] = p.Metadata(invoice.Obj("metadata"));
    }

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var invoice = await GetAsync(call);
        if (call.Params.Bool("auto_advance") is { } advance)
            invoice["auto_advance"] = advance;
        Read(call.Params, invoice);
        call.Tx.Update("invoice.updated", invoice);
        return invoice;
    }

    private static async Task<JsonObject> GetAsync(Call call, params string[] statuses)
    {
        var invoice = await call.Tx.GetAsync("invoice", call.Id);
        await call.Tx.GetCustomerAsync(invoice.Str("customer")!);
        if (statuses.Length > 0 && !statuses.Contains(invoice.Str("status")))
            throw StripeError.Invalid(invoice.Str("status") == "paid" ? "Invoice is already paid" : $"This invoice is in the status {invoice.Str("status")}; this call needs {string.Join(" or ", statuses)}.", null, invoice.Str("status") == "paid" ? "invoice_already_paid" : "invoice_not_editable");
        return invoice;
    }

    private static async Task<JsonObject> FinalizeAsync(Call call)
    {
        var invoice = await GetAsync(call, "draft");
        if (call.Params.Bool("auto_advance") is { } advance)
            invoice["auto_advance"] = advance;
        await Invoicing.FinalizeAsync(call.Tx, invoice);
        return invoice;
    }

    private static async Task<JsonObject> PayAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var invoice = await GetAsync(call, "draft", "open", "uncollectible");
        if (invoice.Str("status") == "draft")
            await Invoicing.FinalizeAsync(tx, invoice);
        p.Accept("forgive", "mandate");
        var onSession = p.Bool("off_session") == false;
        var method = p.Text("payment_method") is { } id ? await PaymentMethods.ResolveAsync(tx, id) : await InvoicePayment.FindMethodAsync(tx, invoice);
        if (invoice.Str("status") == "paid")
            return invoice;
        if (p.Bool("paid_out_of_band") == true)
        {
            await InvoicePayment.MarkPaidAsync(tx, invoice, null);
            return invoice;
        }
        if (method is null)
            throw StripeError.Invalid("There is no `default_payment_method` set on this Customer or Invoice. Please set a `default_payment_method` or provide one.", null, "invoice_no_customer_line_items");
        var outcome = await InvoicePayment.AttemptAsync(tx, invoice, method, new Payment(onSession));
        var intent = (await tx.FindAsync(invoice.Str("_payment_intent")))!;
        return outcome switch
        {
            PaymentOutcome.Succeeded => invoice,
            PaymentOutcome.Declined => throw Payments.ErrorOf(intent),
            _ => throw new StripeError(402, "card_error", "This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with this invoice.", "invoice_payment_intent_requires_action") { KeepsChanges = true, PaymentIntent = intent },
        };
    }

    private static async Task<JsonObject> VoidAsync(Call call)
    {
        var invoice = await GetAsync(call, "open", "uncollectible");
        await Invoicing.VoidAsync(call.Tx, invoice);
        await PendingUpdates.ForgetAsync(call.Tx, invoice);
        return invoice;
    }
}
