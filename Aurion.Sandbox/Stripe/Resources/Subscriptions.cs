using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Subscriptions
{
    public static void Map(StripeApi api)
    {
        api.Post("subscriptions", CreateAsync);
        api.Retrieve("subscriptions", "subscription");
        api.Post("subscriptions/{id}", UpdateAsync);
        api.Post("subscriptions/{id}/resume", async call =>
        {
            call.Params.Accept("billing_cycle_anchor", "proration_behavior", "proration_date");
            var subscription = await call.Tx.GetAsync("subscription", call.Id);
            await Pausing.ResumeAsync(call.Tx, subscription);
            return subscription;
        });
        api.Delete("subscriptions/{id}", CancelAsync);
        api.Get("subscriptions", ListAsync);
        api.Get("subscription_items", async call => Paging.Slice(call, "/v1/subscription_items", (await call.Tx.GetAsync("subscription", call.Params.Required("subscription"), "subscription")).Data("items")));
    }

    private static Task<JsonObject> ListAsync(Call call)
    {
        // Without a status Stripe leaves out those that were canceled.
        var status = call.Params.OneOf("status", "all", "ended", "active", "canceled", "incomplete", "incomplete_expired", "past_due", "paused", "trialing", "unpaid");
        var also = status switch
        {
            null => "data->>'status' NOT IN ('canceled', 'incomplete_expired')",
            "all" => "TRUE",
            "ended" => "data->>'status' IN ('canceled', 'incomplete_expired')",
            _ => $"data->>'status' = '{status}'",
        };
        call.Params.Accept("collection_method");
        if (!call.Params.Has("customer") && !call.Params.Has("test_clock"))
            also += " AND test_clock IS NULL";
        return Paging.PageAsync(call, "/v1/subscriptions", "subscription",
            [("customer", "customer"), ("price", "data->'items'->'data'->0->'price'->>'id'"), ("test_clock", "test_clock")], also);
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var customer = await tx.GetCustomerAsync(p.Required("customer"));
        var items = new List<(JsonObject, long)>();
        foreach (var item in p.List("items"))
        {
            item.Accept("discounts", "metadata", "tax_rates");
            items.Add((await Prices.GetActiveAsync(tx, item.Required("price"), $"{item.Path}[price]"), item.Long("quantity") ?? 1));
        }
        if (items.Count == 0)
            throw StripeError.MissingParam("items");
        p.Accept("collection_method", "off_session", "proration_behavior", "automatic_tax", "billing_mode", "currency", "invoice_settings");
        var settings = p.MapOrEmpty("payment_settings");
        settings.Accept("payment_method_types", "payment_method_options");
        return await SubscriptionStart.StartAsync(tx, new NewSubscription(customer, items)
        {
            Metadata = p.Metadata(),
            Description = p.Text("description"),
            DefaultPaymentMethod = await MethodAsync(tx, p, customer.Id()),
            SaveDefaultPaymentMethod = settings.OneOf("save_default_payment_method", "off", "on_subscription"),
            PaymentBehavior = p.OneOf("payment_behavior", "allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete") ?? "allow_incomplete",
            Trial = Trial.Read(tx, p),
            CancelAtPeriodEnd = p.Bool("cancel_at_period_end") ?? false,
            Discounts = p.Has("discounts") ? id => Discounts.ReadAsync(tx, p, customer.Id(), id) : null,
        });
    }

    private static async Task<string?> MethodAsync(StripeTransaction tx, Params p, string customer)
    {
        if (p.Text("default_payment_method") is not { } id)
            return null;
        var method = await PaymentMethods.ResolveAsync(tx, id, "default_payment_method");
        if (method.Str("customer") != customer)
            throw StripeError.Invalid($"The customer does not have a payment method with the ID {id}. The payment method must be attached to the customer.", "default_payment_method", "resource_missing");
        return method.Id();
    }

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var subscription = await tx.GetAsync("subscription", call.Id);
        var customer = await tx.GetCustomerAsync(subscription.Str("customer")!);
        if (subscription.Str("status") is "canceled" or "incomplete_expired")
        {
            if (p.Keys.Any(k => k is not ("metadata" or "cancellation_details" or "expand")))
                throw StripeError.Invalid("A canceled subscription can only update its cancellation_details and metadata.", null, "invalid_canceled_subscription_fields");
        }
        var behavior = p.OneOf("payment_behavior", "allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete") ?? "allow_incomplete";
        if (behavior == "pending_if_incomplete" && p.Keys.FirstOrDefault(key => !PendingUpdates.Supports(key)) is { } unsupported)
            throw StripeError.Invalid($"`{unsupported}` is not supported together with `payment_behavior=pending_if_incomplete`.", unsupported);
        await ReadFieldsAsync(tx, p, subscription, customer);
        await Trial.UpdateAsync(tx, p, subscription);
        await SubscriptionUpdate.BillAsync(tx, customer, subscription, p, behavior);
        tx.Update("customer.subscription.updated", subscription);
        return subscription;
    }

    private static async Task ReadFieldsAsync(StripeTransaction tx, Params p, JsonObject subscription, JsonObject customer)
    {
        p.CopyTo(subscription, "description");
        if (p.Has("default_payment_method"))
            subscription["default_payment_method"] = await MethodAsync(tx, p, customer.Id());
        if (p.Has("metadata"))
            subscription["metadata"] = p.Metadata(subscription.Obj("metadata"));
        if (p.Has("discounts"))
            subscription["discounts"] = Json.Strings(await Discounts.ReadAsync(tx, p, customer.Id(), subscription.Id()));
        if (p.Map("payment_settings") is { } settings)
        {
            settings.Accept("payment_method_types", "payment_method_options");
            settings.CopyTo(subscription.Obj("payment_settings")!, "save_default_payment_method");
        }
        if (p.Map("cancellation_details") is { } details)
            details.CopyTo(subscription.Obj("cancellation_details")!, "comment", "feedback", "feedback_option");
        p.Accept("off_session", "collection_method", "automatic_tax", "trial_from_plan", "invoice_settings");
        Pausing.ReadCollection(tx, p, subscription);
        ReadCancellation(tx, p, subscription);
    }

    private static void ReadCancellation(StripeTransaction tx, Params p, JsonObject subscription)
    {
        if ((p.Has("cancel_at_period_end") || p.Has("cancel_at")) && subscription.Str("schedule") is { } schedule)
            throw StripeError.Invalid($"The subscription is managed by the subscription schedule `{schedule}`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.");
        var atEnd = p.Bool("cancel_at_period_end");
        var at = p.Text("cancel_at") is "min_period_end" or "max_period_end" ? SubscriptionChange.PeriodOf(subscription).End : p.Long("cancel_at");
        // The flag takes back an end with the period; a date of its own is taken back by sending it empty.
        if (!p.Has("cancel_at") && (atEnd is null || (atEnd == false && !subscription.Bool("cancel_at_period_end"))))
            return;
        if (at <= tx.Now)
            throw StripeError.Invalid("`cancel_at` must be in the future.", "cancel_at");
        if (atEnd == true && at is not null)
            throw StripeError.Invalid("You can only set one of `cancel_at` or `cancel_at_period_end`.", "cancel_at");
        at = atEnd == true ? SubscriptionChange.PeriodOf(subscription).End : at;
        subscription["cancel_at_period_end"] = atEnd ?? false;
        subscription["cancel_at"] = at;
        subscription["canceled_at"] = at is null ? null : subscription.LongOrNull("canceled_at") ?? tx.Now;
        subscription.Obj("cancellation_details")!["reason"] = at is null ? null : "cancellation_requested";
    }

    private static async Task<JsonObject> CancelAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var subscription = await tx.GetAsync("subscription", call.Id);
        var customer = await tx.GetCustomerAsync(subscription.Str("customer")!);
        if (subscription.Str("status") is "canceled" or "incomplete_expired")
            throw StripeError.NoSuch("subscription", call.Id);
        if (p.Map("cancellation_details") is { } details)
            details.CopyTo(subscription.Obj("cancellation_details")!, "comment", "feedback", "feedback_option");
        if (p.Bool("prorate") == true)
            await SubscriptionUpdate.CreditUnusedAsync(tx, subscription);
        if (p.Bool("invoice_now") == true)
            await SubscriptionUpdate.BillWaitingAsync(tx, customer, subscription);
        await Cancellation.EndAsync(tx, subscription, "cancellation_requested");
        return subscription;
    }
}
