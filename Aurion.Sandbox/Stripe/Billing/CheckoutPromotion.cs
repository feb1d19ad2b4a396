using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>A promotion code typed into the card page.</summary>
internal static class CheckoutPromotion
{
    public static async Task<bool> ApplyAsync(StripeTransaction tx, string sessionId, string typed)
    {
        if (await tx.FindAsync(sessionId) is not { } session || session.Str("status") != "open" || !session.Bool("allow_promotion_codes"))
            return false;
        var code = (await tx.AllAsync("promotion_code")).FirstOrDefault(c =>
            string.Equals(c.Str("code"), typed, StringComparison.OrdinalIgnoreCase) && Discounts.IsUsable(c, session.Str("customer"), tx.Now));
        if (code is null || await tx.FindAsync(code.Obj("promotion").Str("coupon")) is not { } coupon || !Discounts.IsValid(coupon, tx.Now))
            return false;
        session["discounts"] = new JsonArray(new JsonObject { ["coupon"] = coupon.Id(), ["promotion_code"] = code.Id() });
        await CheckoutItems.TotalAsync(tx, session);
        tx.Save(session);
        return true;
    }
}
