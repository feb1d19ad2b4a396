using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>How long a subscription is tried, and what happens at the end when there is no card: an invoice, a pause, or the end.</summary>
internal sealed record Trial(long? EndsAt, string MissingMethod)
{
    private const long Notice = 3 * 86400;

    public static readonly Trial None = new(null, "create_invoice");

    public static Trial Read(StripeTransaction tx, Params p)
    {
        var days = p.Long("trial_period_days");
        var end = p.Time("trial_end", tx.Now);
        if (days is not null && end is not null)
            throw StripeError.Invalid("You may only specify one of these parameters: trial_end, trial_period_days.", "trial_end");
        if (end < tx.Now)
            throw StripeError.Invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", "trial_end");
        end ??= days is > 0 ? tx.Now + (days * 86400) : null;
        return new(end > tx.Now ? end : null, ReadMissing(p) ?? "create_invoice");
    }

    private static string? ReadMissing(Params p) =>
        p.Map("trial_settings")?.Map("end_behavior")?.OneOf("missing_payment_method", "create_invoice", "cancel", "pause");

    /// <summary>The trial as an update changes it: a later end, an end now, another behaviour.</summary>
    public static async Task UpdateAsync(StripeTransaction tx, Params p, JsonObject subscription)
    {
        if (ReadMissing(p) is { } missing)
            subscription.Obj("trial_settings")!.Obj("end_behavior")!["missing_payment_method"] = missing;
        if (p.Time("trial_end", tx.Now) is not { } end)
            return;
        if (subscription.Str("status") != "trialing")
            throw StripeError.Invalid("This stand-in changes the trial only of a subscription that is on trial.", "trial_end");
        (subscription["trial_end"], subscription["billing_cycle_anchor"]) = (end, end);
        SubscriptionItems.SetPeriod(subscription, subscription.Long("trial_start"), end);
        if (end <= tx.Now)
            await EndAsync(tx, subscription);
    }

    /// <summary>When the end is announced: three days before, or at once when the trial is shorter.</summary>
    public static long? NoticeAt(JsonObject subscription) =>
        subscription.Bool("_trial_announced") ? null : Math.Max(subscription.Long("trial_start"), subscription.Long("trial_end") - Notice);

    public static async Task TurnAsync(StripeTransaction tx, JsonObject subscription)
    {
        if (tx.Now >= subscription.Long("trial_end"))
        {
            await EndAsync(tx, subscription);
            return;
        }
        subscription["_trial_announced"] = true;
        tx.Save(subscription);
        tx.Emit("customer.subscription.trial_will_end", subscription);
    }

    private static async Task EndAsync(StripeTransaction tx, JsonObject subscription)
    {
        var customer = await tx.GetCustomerAsync(subscription.Str("customer")!);
        var hasMethod = subscription.Str("default_payment_method") is not null || customer.Obj("invoice_settings").Str("default_payment_method") is not null;
        var missing = subscription.Obj("trial_settings").Obj("end_behavior").Str("missing_payment_method");
        if (!hasMethod && missing == "cancel")
        {
            await Cancellation.EndAsync(tx, subscription, "cancellation_requested");
        }
        else if (!hasMethod && missing == "pause")
        {
            subscription["status"] = "paused";
            tx.Update("customer.subscription.updated", subscription);
            tx.Emit("customer.subscription.paused", subscription);
        }
        else
        {
            subscription["status"] = "active";
            await Renewal.RenewAsync(tx, subscription);
        }
    }
}
