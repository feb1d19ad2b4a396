using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>When an object next changes by itself, as a function of what it is; the database indexes it.</summary>
internal static class Due
{
    public const long PatienceForFirstPayment = 23 * 3600;

    public static long? At(JsonObject o) => o.Str("object") switch
    {
        "subscription" => Subscription(o),
        "invoice" => Invoice(o),
        "checkout.session" when o.Str("status") == "open" => o.Long("expires_at"),
        "checkout.session" when o.Obj("_settles") is { } bank => bank.Long("at"),
        "subscription_schedule" when o.Str("status") is "active" or "not_started" => o.LongOrNull("_due"),
        _ => null,
    };

    private static long? Subscription(JsonObject s) => s.Str("status") switch
    {
        "incomplete" => s.Long("created") + PatienceForFirstPayment,
        "trialing" => Earliest(PeriodEnd(s), s.LongOrNull("cancel_at"), Billing.Trial.NoticeAt(s)),
        "active" or "past_due" or "unpaid" => Earliest(PeriodEnd(s), s.LongOrNull("cancel_at"), s.Obj("pending_update").LongOrNull("expires_at"), s.Obj("pause_collection").LongOrNull("resumes_at")),
        _ => null,
    };

    private static long? Invoice(JsonObject i) => i.Str("status") switch
    {
        "draft" when i.Bool("auto_advance") => i.LongOrNull("automatically_finalizes_at"),
        "open" => i.LongOrNull("next_payment_attempt"),
        _ => null,
    };

    private static long? PeriodEnd(JsonObject s) => s.Data("items").Select(i => i.LongOrNull("current_period_end")).Min();

    private static long? Earliest(params ReadOnlySpan<long?> times)
    {
        long? earliest = null;
        foreach (var time in times)
            if (time is not null && (earliest is null || time < earliest))
                earliest = time;
        return earliest;
    }
}
