using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class PromotionCodes
{
    public static void Map(StripeApi api)
    {
        api.Post("promotion_codes", CreateAsync);
        api.Retrieve("promotion_codes", "promotion_code");
        api.List("promotion_codes", "promotion_code", ("code", "data->>'code'"), ("active", "data->>'active'"), ("customer", "customer"), ("coupon", "data->'promotion'->>'coupon'"));
        api.Post("promotion_codes/{id}", async call =>
        {
            var code = await call.Tx.GetAsync("promotion_code", call.Id);
            if (call.Params.Bool("active") is { } active)
                code["active"] = active;
            if (call.Params.Has("metadata"))
                code["metadata"] = call.Params.Metadata(code.Obj("metadata"));
            call.Tx.Update("promotion_code.updated", code);
            return code;
        });
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var promotion = p.MapOrEmpty("promotion");
        promotion.Accept("type");
        var coupon = await tx.GetAsync("coupon", promotion.Text("coupon") ?? p.Text("coupon") ?? throw StripeError.MissingParam("promotion[coupon]"), "promotion[coupon]");
        if (!Discounts.IsValid(coupon, tx.Now))
            throw StripeError.Invalid($"Coupon expired: {coupon.Id()}", "promotion[coupon]", "coupon_expired");
        var word = p.Text("code") ?? Ids.InvoicePrefix();
        if ((await tx.AllAsync("promotion_code")).Any(c => c.Bool("active") && string.Equals(c.Str("code"), word, StringComparison.OrdinalIgnoreCase)))
            throw StripeError.Invalid("An active promotion code with `code: " + word + "` already exists.", "code", "resource_already_exists");
        var restrictions = p.MapOrEmpty("restrictions");
        var code = new JsonObject
        {
            ["id"] = Ids.New("promo_1", 23),
            ["object"] = "promotion_code",
            ["active"] = p.Bool("active") ?? true,
            ["code"] = word,
            ["created"] = tx.Now,
            ["customer"] = p.Text("customer"),
            ["customer_account"] = null,
            ["expires_at"] = p.Long("expires_at"),
            ["livemode"] = false,
            ["max_redemptions"] = p.Long("max_redemptions"),
            ["metadata"] = p.Metadata(),
            ["promotion"] = new JsonObject { ["coupon"] = coupon.Id(), ["type"] = "coupon" },
            ["restrictions"] = new JsonObject
            {
                ["first_time_transaction"] = restrictions.Bool("first_time_transaction") ?? false,
                ["minimum_amount"] = restrictions.Long("minimum_amount"),
                ["minimum_amount_currency"] = restrictions.Long("minimum_amount") is null ? null : restrictions.Required("minimum_amount_currency").ToLowerInvariant(),
            },
            ["times_redeemed"] = 0,
        };
        tx.Create("promotion_code.created", code);
        return code;
    }
}
