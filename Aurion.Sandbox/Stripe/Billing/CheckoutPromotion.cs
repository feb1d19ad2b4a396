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
        if (code is null || await tx.FindAsync(code.Obj("promotion").Str("coupon")) is not { } coupon || !Discounts.IsValid(coupon, tx.Now)
            || !await FitsAsync(tx, session, coupon, code))
            return false;
        session["discounts"] = new JsonArray(new JsonObject { ["coupon"] = coupon.Id(), ["promotion_code"] = code.Id() });
        await CheckoutItems.TotalAsync(tx, session);
        tx.Save(session);
        return true;
    }

    /// <summary>Whether the coupon and the code allow this very purchase: its currency, its products, its amount, its customer.</summary>
    public static async Task<bool> FitsAsync(StripeTransaction tx, JsonObject session, JsonObject coupon, JsonObject? code)
    {
        var (items, currency) = (session.Data("_line_items").ToList(), session.Str("currency"));
        var products = coupon.Obj("applies_to").Arr("products").Select(p => (string?)p).ToList();
        var restrictions = code.Obj("restrictions");
        return (coupon.LongOrNull("amount_off") is null || coupon.Str("currency") == currency)
            && (products.Count == 0 || items.Any(i => products.Contains(i.Obj("price").Str("product"))))
            && (restrictions.LongOrNull("minimum_amount") is not { } least || (restrictions.Str("minimum_amount_currency") == currency && items.Sum(i => i.Long("amount_subtotal")) >= least))
            && (restrictions?.Bool("first_time_transaction") != true || !await HasPaidAsync(tx, session.Str("customer")));
    }

    private static async Task<bool> HasPaidAsync(StripeTransaction tx, string? customer) =>
        customer is not null
        && ((await tx.OfCustomerAsync("charge", customer)).Any(c => c.Str("status") == "succeeded")
            || (await tx.OfCustomerAsync("invoice", customer)).Any(i => i.Str("status") == "paid"));
}
