using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>What a new subscription is made of, whichever door it comes through.</summary>
internal sealed record NewSubscription(JsonObject Customer, IReadOnlyList<(JsonObject Price, long Quantity)> Items)
{
    public JsonObject Metadata { get; init; } = [];
    public string? Description { get; init; }
    public string? DefaultPaymentMethod { get; init; }
    public string? SaveDefaultPaymentMethod { get; init; }
    public string PaymentBehavior { get; init; } = "allow_incomplete";
    public bool CancelAtPeriodEnd { get; init; }
    public Func<string, Task<IReadOnlyList<string>>>? Discounts { get; init; }
    public Trial Trial { get; init; } = Trial.None;
    public Payment Payment { get; init; } = new(OnSession: false);
}

internal static class SubscriptionStart
{
    public static async Task<JsonObject> StartAsync(StripeTransaction tx, NewSubscription wanted)
    {
        SubscriptionItems.CheckIntervals(wanted.Items.Select(i => i.Price));
        var subscription = New(tx, wanted);
        tx.Add(subscription);
        if (wanted.Discounts is not null)
            subscription["discounts"] = Json.Strings(await wanted.Discounts(subscription.Id()));
        var lines = new List<JsonObject>();
        foreach (var item in subscription.Data("items"))
            lines.Add(await (wanted.Trial.EndsAt is null ? InvoiceLines.ForItemAsync(tx, item) : InvoiceLines.ForTrialAsync(tx, item)));
        lines.AddRange(await InvoiceItems.TakeAsync(tx, wanted.Customer.Id(), subscription.Id()));
        var invoice = await Invoicing.DraftAsync(tx, wanted.Customer, subscription, "subscription_create", lines, tx.Now, tx.Now);
        InvoiceItems.Assign(tx, invoice);
        subscription["latest_invoice"] = invoice.Id();
        tx.Emit("customer.subscription.created", subscription);
        tx.Emit("invoice.created", invoice);
        await Invoicing.FinalizeAsync(tx, invoice);
        if (invoice.Str("status") == "open" && wanted.PaymentBehavior != "default_incomplete")
            await CollectAsync(tx, wanted, invoice);
        return subscription;
    }

    private static async Task CollectAsync(StripeTransaction tx, NewSubscription wanted, JsonObject invoice)
    {
        var method = await InvoicePayment.FindMethodAsync(tx, invoice)
            ?? throw StripeError.Invalid("This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.", null, "resource_missing");
        var outcome = await InvoicePayment.AttemptAsync(tx, invoice, method, wanted.Payment);
        if (outcome == PaymentOutcome.Succeeded || wanted.PaymentBehavior != "error_if_incomplete")
            return;
        var intent = (await tx.FindAsync(invoice.Str("_payment_intent")))!;
        throw outcome == PaymentOutcome.Declined
            ? new StripeError(402, "card_error", intent.Obj("last_payment_error").Str("message")!, intent.Obj("last_payment_error").Str("code")) { DeclineCode = intent.Obj("last_payment_error").Str("decline_code") }
            : new StripeError(402, "card_error", "Your card was declined. This transaction requires authentication.", "subscription_payment_intent_requires_action");
    }

    private static JsonObject New(StripeTransaction tx, NewSubscription wanted)
    {
        var id = Ids.New("sub_1", 23);
        var (interval, count) = Resources.Prices.IntervalOf(wanted.Items[0].Price);
        var trial = wanted.Trial.EndsAt;
        var end = trial ?? Period.EndAfter(tx.Now, tx.Now, interval, count);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "subscription",
            ["application"] = null,
            ["application_fee_percent"] = null,
            ["automatic_tax"] = new JsonObject { ["disabled_reason"] = null, ["enabled"] = false, ["liability"] = null },
            ["billing_cycle_anchor"] = trial ?? tx.Now,
            ["billing_cycle_anchor_config"] = null,
            ["billing_mode"] = new JsonObject { ["flexible"] = new JsonObject { ["proration_discounts"] = "included" }, ["type"] = "flexible" },
            ["billing_schedules"] = new JsonArray(),
            ["billing_thresholds"] = null,
            ["cancel_at"] = wanted.CancelAtPeriodEnd ? end : null,
            ["cancel_at_period_end"] = wanted.CancelAtPeriodEnd,
            ["canceled_at"] = wanted.CancelAtPeriodEnd ? tx.Now : null,
            ["cancellation_details"] = new JsonObject { ["comment"] = null, ["feedback"] = null, ["feedback_option"] = null, ["reason"] = null },
            ["collection_method"] = "charge_automatically",
            ["created"] = tx.Now,
            ["currency"] = wanted.Items[0].Price.Str("currency"),
            ["customer"] = wanted.Customer.Id(),
            ["customer_account"] = null,
            ["days_until_due"] = null,
            ["default_payment_method"] = wanted.DefaultPaymentMethod,
            ["default_source"] = null,
            ["default_tax_rates"] = new JsonArray(),
            ["description"] = wanted.Description,
            ["discounts"] = new JsonArray(),
            ["ended_at"] = null,
            ["invoice_settings"] = new JsonObject { ["account_tax_ids"] = null, ["custom_fields"] = null, ["description"] = null, ["footer"] = null, ["issuer"] = new JsonObject { ["type"] = "self" } },
            ["items"] = Json.List($"/v1/subscription_items?subscription={id}", wanted.Items.Select(i => SubscriptionItems.New(tx, id, i.Price, i.Quantity, tx.Now, end))),
            ["latest_invoice"] = null,
            ["livemode"] = false,
            ["managed_payments"] = null,
            ["metadata"] = wanted.Metadata,
            ["next_pending_invoice_item_invoice"] = null,
            ["on_behalf_of"] = null,
            ["pause_collection"] = null,
            ["payment_settings"] = new JsonObject { ["payment_method_options"] = null, ["payment_method_types"] = null, ["save_default_payment_method"] = wanted.SaveDefaultPaymentMethod ?? "off" },
            ["pending_invoice_item_interval"] = null,
            ["pending_setup_intent"] = null,
            ["pending_update"] = null,
            ["schedule"] = null,
            ["start_date"] = tx.Now,
            ["status"] = trial is null ? "incomplete" : "trialing",
            ["test_clock"] = wanted.Customer.Str("test_clock"),
            ["transfer_data"] = null,
            ["trial_end"] = trial,
            ["trial_settings"] = new JsonObject { ["end_behavior"] = new JsonObject { ["billing_cycle_anchor"] = null, ["missing_payment_method"] = wanted.Trial.MissingMethod } },
            ["trial_start"] = trial is null ? null : tx.Now,
        };
    }
}
