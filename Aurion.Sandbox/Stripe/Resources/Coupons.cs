using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Coupons
{
    public static void Map(StripeApi api)
    {
        api.Post("coupons", CreateAsync);
        api.Retrieve("coupons", "coupon");
        api.List("coupons", "coupon");
        api.Post("coupons/{id}", async call =>
        {
            var coupon = await call.Tx.GetAsync("coupon", call.Id);
            call.Params.CopyTo(coupon, "name");
            if (call.Params.Has("metadata"))
                coupon["metadata"] = call.Params.Metadata(coupon.Obj("metadata"));
            call.Tx.Update("coupon.updated", coupon);
            return coupon;
        });
        api.Delete("coupons/{id}", async call =>
        {
            var coupon = await call.Tx.GetAsync("coupon", call.Id);
            call.Tx.Emit("coupon.deleted", coupon);
            coupon["valid"] = false;
            coupon["deleted"] = true;
            call.Tx.Save(coupon);
            return new JsonObject { ["id"] = call.Id, ["object"] = "coupon", ["deleted"] = true };
        });
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var id = p.Text("id") ?? Ids.New("", 8);
        if (await tx.FindAsync(id) is not null)
            throw StripeError.Invalid("Coupon already exists.", "id", "resource_already_exists");
        var (percent, amount) = (p.Decimal("percent_off"), p.Long("amount_off"));
        if (percent is null == amount is null)
            throw StripeError.Invalid("You must pass either `percent_off` or `amount_off`.", "percent_off", "parameter_missing");
        if (percent is <= 0 or > 100)
            throw StripeError.Invalid("Percent off must be between 0 and 100.", "percent_off");
        var duration = p.OneOf("duration", "once", "repeating", "forever") ?? "once";
        var products = p.Map("applies_to")?.Texts("products") ?? [];
        var coupon = new JsonObject
        {
            ["id"] = id,
            ["object"] = "coupon",
            ["amount_off"] = amount,
            ["created"] = tx.Now,
            ["currency"] = amount is null ? null : p.Required("currency"),
            ["duration"] = duration,
            ["duration_in_months"] = duration == "repeating" ? p.Long("duration_in_months") ?? throw StripeError.MissingParam("duration_in_months") : null,
            ["livemode"] = false,
            ["max_redemptions"] = p.Long("max_redemptions"),
            ["metadata"] = p.Metadata(),
            ["name"] = p.Text("name"),
            ["percent_off"] = percent,
            ["redeem_by"] = p.Long("redeem_by"),
            ["times_redeemed"] = 0,
            ["valid"] = true,
        };
        if (products.Count > 0)
            coupon["applies_to"] = new JsonObject { ["products"] = Json.Strings(products) };
        tx.Create("coupon.created", coupon);
        return coupon;
    }
}
