using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>Phases: the way to say "another price from the next period on".</summary>
internal static class Schedules
{
    public static void Map(StripeApi api)
    {
        api.Post("subscription_schedules", CreateAsync);
        api.Retrieve("subscription_schedules", "subscription_schedule");
        api.Post("subscription_schedules/{id}", UpdateAsync);
        api.List("subscription_schedules", "subscription_schedule", ("customer", "customer"));
        api.Post("subscription_schedules/{id}/release", call => CloseAsync(call, "released"));
        api.Post("subscription_schedules/{id}/cancel", async call =>
        {
            var schedule = await CloseAsync(call, "canceled");
            if (await call.Tx.FindAsync(schedule.Str("subscription")) is { } subscription && subscription.Str("status") is not "canceled")
                await Cancellation.EndAsync(call.Tx, subscription, "cancellation_requested");
            call.Params.Accept("invoice_now", "prorate");
            return schedule;
        });
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        if (p.Text("from_subscription") is not { } from)
            return await StartAsync(tx, p);
        var subscription = await tx.GetAsync("subscription", from, "from_subscription");
        await tx.GetCustomerAsync(subscription.Str("customer")!);
        if (subscription.Str("schedule") is not null)
            throw StripeError.Invalid("You cannot migrate a subscription that is already attached to a schedule.", "from_subscription");
        var (start, end) = SubscriptionChange.PeriodOf(subscription);
        var schedule = New(tx, subscription, p.Metadata());
        var phase = Phase([.. subscription.Data("items").Select(i => (i.Obj("price").Str("id")!, i.Long("quantity")))], start, subscription.LongOrNull("cancel_at") ?? end, subscription.Str("currency"), "create_prorations", []);
        phase["discounts"] = new JsonArray([.. subscription.Arr("discounts").Select(d => Discount(null, (string?)d, null))]);
        schedule["phases"] = new JsonArray(phase);
        // From here on the schedule says how the subscription ends.
        schedule["end_behavior"] = subscription.LongOrNull("cancel_at") is null ? "release" : "cancel";
        Follow(tx, schedule);
        tx.Create("subscription_schedule.created", schedule);
        subscription["schedule"] = schedule.Id();
        tx.Update("customer.subscription.updated", subscription);
        return schedule;
    }

    private static JsonObject Discount(string? coupon, string? discount, string? promotionCode) =>
        new() { ["coupon"] = coupon, ["discount"] = discount, ["promotion_code"] = promotionCode };

    /// <summary>A schedule that begins now, with a subscription of its own.</summary>
    private static async Task<JsonObject> StartAsync(StripeTransaction tx, Params p)
    {
        var customer = await tx.GetCustomerAsync(p.Required("customer"));
        if ((p.Time("start_date", tx.Now) ?? tx.Now) > tx.Now)
            throw StripeError.Invalid("This stand-in starts schedules at once: pass start_date=now, or from_subscription.", "start_date");
        var phases = p.List("phases");
        if (phases.Count == 0)
            throw StripeError.MissingParam("phases");
        var items = new List<(JsonObject, long)>();
        foreach (var item in phases[0].List("items"))
            items.Add((await Prices.GetActiveAsync(tx, item.Text("price") ?? item.Required("plan"), $"{item.Path}[price]"), item.Long("quantity") ?? 1));
        var subscription = await SubscriptionStart.StartAsync(tx, new NewSubscription(customer, items));
        var schedule = New(tx, subscription, p.Metadata());
        schedule["end_behavior"] = p.OneOf("end_behavior", "release", "cancel") ?? "release";
        p.Accept("default_settings");
        schedule["phases"] = new JsonArray(new JsonObject { ["start_date"] = tx.Now });
        schedule["phases"] = await ReadPhasesAsync(tx, schedule, phases);
        Follow(tx, schedule);
        tx.Create("subscription_schedule.created", schedule);
        subscription["schedule"] = schedule.Id();
        tx.Update("customer.subscription.updated", subscription);
        return schedule;
    }

    private static JsonObject New(StripeTransaction tx, JsonObject subscription, JsonObject metadata) => new()
    {
        ["id"] = Ids.New("sub_sched_1", 23),
        ["object"] = "subscription_schedule",
        ["application"] = null,
        ["billing_mode"] = subscription.Obj("billing_mode")!.Clone(),
        ["canceled_at"] = null,
        ["completed_at"] = null,
        ["created"] = tx.Now,
        ["current_phase"] = null,
        ["customer"] = subscription.Str("customer"),
        ["customer_account"] = null,
        ["default_settings"] = DefaultSettings(),
        ["end_behavior"] = "release",
        ["livemode"] = false,
        ["metadata"] = metadata,
        ["pause_schedules"] = new JsonArray(),
        ["phases"] = new JsonArray(),
        ["released_at"] = null,
        ["released_subscription"] = null,
        ["status"] = "active",
        ["subscription"] = subscription.Id(),
        ["test_clock"] = subscription.Str("test_clock"),
    };

    private static JsonObject DefaultSettings() => new()
    {
        ["application_fee_percent"] = null,
        ["billing_cycle_anchor"] = "automatic",
        ["billing_thresholds"] = null,
        ["collection_method"] = "charge_automatically",
        ["default_payment_method"] = null,
        ["description"] = null,
        ["invoice_settings"] = new JsonObject { ["account_tax_ids"] = null, ["custom_fields"] = null, ["days_until_due"] = null, ["description"] = null, ["footer"] = null, ["issuer"] = new JsonObject { ["type"] = "self" } },
        ["on_behalf_of"] = null,
        ["transfer_data"] = null,
    };

    private static JsonObject Phase(IReadOnlyList<(string Price, long Quantity)> items, long start, long end, string? currency, string proration, JsonObject metadata) => new()
    {
        ["add_invoice_items"] = new JsonArray(),
        ["application_fee_percent"] = null,
        ["billing_cycle_anchor"] = null,
        ["billing_thresholds"] = null,
        ["collection_method"] = null,
        ["currency"] = currency,
        ["default_payment_method"] = null,
        ["description"] = null,
        ["discounts"] = new JsonArray(),
        ["end_date"] = end,
        ["invoice_settings"] = null,
        ["items"] = new JsonArray([.. items.Select(i => new JsonObject { ["billing_thresholds"] = null, ["discounts"] = new JsonArray(), ["metadata"] = new JsonObject(), ["plan"] = i.Price, ["price"] = i.Price, ["quantity"] = i.Quantity, ["tax_rates"] = new JsonArray() })]),
        ["metadata"] = metadata,
        ["on_behalf_of"] = null,
        ["proration_behavior"] = proration,
        ["start_date"] = start,
        ["transfer_data"] = null,
        ["trial_end"] = null,
    };

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var schedule = await tx.GetAsync("subscription_schedule", call.Id);
        await tx.GetCustomerAsync(schedule.Str("customer")!);
        if (schedule.Str("status") is not ("active" or "not_started"))
            throw StripeError.Invalid($"You cannot update a subscription schedule that is in the `{schedule.Str("status")}` status.", null, "resource_invalid_state");
        schedule["end_behavior"] = p.OneOf("end_behavior", "release", "cancel") ?? schedule.Str("end_behavior");
        p.Accept("proration_behavior", "default_settings");
        if (p.Has("metadata"))
            schedule["metadata"] = p.Metadata(schedule.Obj("metadata"));
        if (p.List("phases") is { Count: > 0 } phases)
            schedule["phases"] = await ReadPhasesAsync(tx, schedule, phases);
        Follow(tx, schedule);
        if (await tx.FindAsync(schedule.Str("subscription")) is { } subscription)
        {
            if (p.Has("phases"))
                await DiscountAsync(tx, subscription, schedule.Arr("phases").OfType<JsonObject>().LastOrDefault(phase => phase.Long("start_date") <= tx.Now));
            SetEnd(tx, subscription, schedule.Str("end_behavior") == "cancel" ? schedule.Arr("phases").OfType<JsonObject>().Last().Long("end_date") : null);
            tx.Update("customer.subscription.updated", subscription);
        }
        tx.Update("subscription_schedule.updated", schedule);
        return schedule;
    }

    /// <summary>
    /// A phase that names no discounts takes the subscription's away, and what is left is the customer's
    /// (https://docs.stripe.com/api/subscription_schedules/update#update_subscription_schedule-phases-discounts).
    /// </summary>
    private static async Task DiscountAsync(StripeTransaction tx, JsonObject subscription, JsonObject? phase)
    {
        var ids = new List<string>();
        foreach (var wanted in phase.Arr("discounts").OfType<JsonObject>())
        {
            if (wanted.Str("discount") is { } existing)
            {
                ids.Add(existing);
                continue;
            }
            var (coupon, code) = await Discounts.ResolveAsync(tx, wanted.Str("coupon"), wanted.Str("promotion_code"), subscription.Str("customer"));
            ids.Add((await Discounts.GrantAsync(tx, coupon, code, subscription.Str("customer"), subscription.Id())).Id());
        }
        subscription["discounts"] = Json.Strings(ids);
        tx.Save(subscription);
    }

    /// <summary>How a schedule ends its subscription shows on the subscription as a date.</summary>
    private static void SetEnd(StripeTransaction tx, JsonObject subscription, long? end)
    {
        subscription["cancel_at_period_end"] = false;
        subscription["cancel_at"] = end;
        subscription["canceled_at"] = end is null ? null : subscription.LongOrNull("canceled_at") ?? tx.Now;
        subscription.Obj("cancellation_details")!["reason"] = end is null ? null : "cancellation_requested";
        tx.Save(subscription);
    }

    private static async Task<JsonArray> ReadPhasesAsync(StripeTransaction tx, JsonObject schedule, IReadOnlyList<Params> phases)
    {
        var read = new JsonArray();
        long? previousEnd = null;
        foreach (var p in phases)
        {
            p.Accept("trial_end", "billing_cycle_anchor", "collection_method", "default_payment_method", "add_invoice_items", "currency", "description");
            var items = new List<(string, long)>();
            JsonObject? price = null;
            foreach (var item in p.List("items"))
            {
                item.Accept("discounts", "metadata", "tax_rates");
                price = await Prices.GetActiveAsync(tx, item.Text("price") ?? item.Required("plan"), $"{item.Path}[price]");
                items.Add((price.Id(), item.Long("quantity") ?? 1));
            }
            if (price is null)
                throw StripeError.MissingParam($"{p.Path}[items]");
            var start = p.Time("start_date", tx.Now) ?? previousEnd ?? schedule.Arr("phases").OfType<JsonObject>().First().Long("start_date");
            var end = p.Time("end_date", tx.Now) ?? End(p, start, price);
            if (previousEnd is { } before && start != before)
                throw StripeError.Invalid("The end date of a phase must be the start date of the next one.", $"{p.Path}[start_date]");
            var phase = Phase(items, start, end, price.Str("currency"), p.OneOf("proration_behavior", "create_prorations", "always_invoice", "none") ?? "create_prorations", p.Metadata());
            foreach (var wanted in p.List("discounts"))
            {
                if (wanted.Text("discount") is { } existing)
                    await tx.GetAsync("discount", existing, $"{wanted.Path}[discount]");
                phase.Arr("discounts").Add(Discount(wanted.Text("coupon"), wanted.Text("discount"), wanted.Text("promotion_code")));
            }
            read.Add(phase);
            previousEnd = end;
        }
        return read;
    }

    private static long End(Params p, long start, JsonObject price)
    {
        var iterations = (int)(p.Long("iterations") ?? 1);
        var (interval, count) = p.Map("duration") is { } duration
            ? (duration.Required("interval"), (int)(duration.Long("interval_count") ?? 1))
            : Prices.IntervalOf(price);
        return Period.EndAfter(start, start, interval, count * iterations);
    }

    /// <summary>Sets the current phase and when the next one is due.</summary>
    private static void Follow(StripeTransaction tx, JsonObject schedule)
    {
        var current = schedule.Arr("phases").OfType<JsonObject>().LastOrDefault(p => p.Long("start_date") <= tx.Now);
        schedule["current_phase"] = current is null ? null : new JsonObject { ["end_date"] = current.Long("end_date"), ["start_date"] = current.Long("start_date") };
        schedule["_due"] = current?.Long("end_date");
        tx.Save(schedule);
    }

    /// <summary>If a phase of the subscription's schedule ends now, the next one begins; after the last the schedule lets go or cancels.</summary>
    public static async Task TurnAsync(StripeTransaction tx, JsonObject schedule)
    {
        var subscription = (await tx.FindAsync(schedule.Str("subscription")))!;
        var next = schedule.Arr("phases").OfType<JsonObject>().FirstOrDefault(p => p.Long("start_date") == schedule.Long("_due"));
        if (next is null)
        {
            if (schedule.Str("end_behavior") == "cancel" && subscription.Str("status") is not "canceled")
            {
                await Cancellation.EndAsync(tx, subscription, "cancellation_requested");
                return;
            }
            subscription["schedule"] = null;
            tx.Update("customer.subscription.updated", subscription);
            Close(tx, schedule, "completed");
            return;
        }
        var items = subscription.Data("items").ToList();
        var wanted = next.Arr("items").OfType<JsonObject>().ToList();
        for (var i = 0; i < Math.Min(items.Count, wanted.Count); i++)
        {
            SubscriptionItems.SetPrice(items[i], (await tx.FindAsync(wanted[i].Str("price")))!);
            items[i]["quantity"] = wanted[i].Long("quantity");
        }
        await DiscountAsync(tx, subscription, next);
        foreach (var (key, value) in next.Obj("metadata") ?? [])
            subscription.Obj("metadata")![key] = value?.DeepClone();
        tx.Save(subscription);
        Follow(tx, schedule);
        tx.Update("subscription_schedule.updated", schedule);
        // In the middle of a period the change shows at once; at its end the renewal that follows tells it.
        if (SubscriptionChange.PeriodOf(subscription).End > tx.Now)
            tx.Update("customer.subscription.updated", subscription);
    }

    private static async Task<JsonObject> CloseAsync(Call call, string how)
    {
        var schedule = await call.Tx.GetAsync("subscription_schedule", call.Id);
        if (schedule.Str("status") is not ("active" or "not_started"))
            throw StripeError.Invalid($"You cannot {(how == "released" ? "release" : "cancel")} a subscription schedule that is currently in the `{schedule.Str("status")}` status.", null, "resource_invalid_state");
        var preserve = call.Params.Bool("preserve_cancel_date") == true;
        if (await call.Tx.FindAsync(schedule.Str("subscription")) is { } subscription)
        {
            subscription["schedule"] = null;
            if (how == "released" && !preserve && schedule.Str("end_behavior") == "cancel")
                SetEnd(call.Tx, subscription, null);
            call.Tx.Update("customer.subscription.updated", subscription);
        }
        Close(call.Tx, schedule, how);
        return schedule;
    }

    public static void Close(StripeTransaction tx, JsonObject schedule, string how)
    {
        schedule["status"] = how;
        schedule[how + "_at"] = tx.Now;
        schedule["current_phase"] = null;
        if (how == "released")
            schedule["released_subscription"] = schedule.Str("subscription");
        schedule["subscription"] = how == "canceled" ? schedule.Str("subscription") : null;
        tx.Save(schedule);
        tx.Emit($"subscription_schedule.{how}", schedule);
    }
}
