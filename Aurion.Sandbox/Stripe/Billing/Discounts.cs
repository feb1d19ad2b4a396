using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>Coupons at work: which discounts hold for an invoice, and how they spread over its lines.</summary>
internal static class Discounts
{
    public static async Task<JsonObject> GrantAsync(StripeTransaction tx, JsonObject coupon, JsonObject? promotionCode, string? customer, string? subscription, string? session = null)
    {
        var discount = new JsonObject
        {
            ["id"] = Ids.New("di_1", 23),
            ["object"] = "discount",
            ["checkout_session"] = session,
            ["customer"] = customer,
            ["customer_account"] = null,
            ["end"] = coupon.Str("duration") == "repeating" ? DateTimeOffset.FromUnixTimeSeconds(tx.Now).AddMonths((int)coupon.Long("duration_in_months")).ToUnixTimeSeconds() : null,
            ["invoice"] = null,
            ["invoice_item"] = null,
            ["promotion_code"] = promotionCode?.Id(),
            ["source"] = new JsonObject { ["coupon"] = coupon.Id(), ["type"] = "coupon" },
            ["start"] = tx.Now,
            ["subscription"] = subscription,
            ["subscription_item"] = null,
        };
        coupon["times_redeemed"] = coupon.Long("times_redeemed") + 1;
        coupon["valid"] = IsValid(coupon, tx.Now);
        tx.Save(coupon);
        if (promotionCode is not null)
        {
            promotionCode["times_redeemed"] = promotionCode.Long("times_redeemed") + 1;
            tx.Save(promotionCode);
        }
        tx.Add(discount);
        if (customer is not null)
            tx.Emit("customer.discount.created", discount);
        await Task.CompletedTask;
        return discount;
    }

    public static bool IsValid(JsonObject coupon, long now) =>
        (coupon.LongOrNull("max_redemptions") is not { } most || coupon.Long("times_redeemed") < most) && (coupon.LongOrNull("redeem_by") is not { } by || now <= by);

    /// <summary>Reads <c>discounts[]</c> of a call: coupons, promotion codes, or discounts that are there already.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(StripeTransaction tx, Params p, string customer, string? subscription)
    {
        var ids = new List<string>();
        foreach (var wanted in p.List("discounts"))
        {
            if (wanted.Text("discount") is { } existing)
            {
                ids.Add((await tx.GetAsync("discount", existing, "discounts")).Id());
                continue;
            }
            var (coupon, code) = await ResolveAsync(tx, wanted.Text("coupon"), wanted.Text("promotion_code"), customer);
            ids.Add((await GrantAsync(tx, coupon, code, customer, subscription)).Id());
        }
        return ids;
    }

    public static async Task<(JsonObject Coupon, JsonObject? Code)> ResolveAsync(StripeTransaction tx, string? couponId, string? codeId, string? customer)
    {
        var code = codeId is null ? null : await tx.GetAsync("promotion_code", codeId, "promotion_code");
        var coupon = await tx.GetAsync("coupon", code?.Obj("promotion").Str("coupon") ?? couponId ?? throw StripeError.MissingParam("coupon"), "coupon");
        if (code is not null && !IsUsable(code, customer, tx.Now))
            throw StripeError.Invalid("This promotion code cannot be redeemed because it is not active, has expired or has been used up.", "promotion_code", "promotion_code_expired");
        if (!IsValid(coupon, tx.Now))
            throw StripeError.Invalid($"Coupon expired: {coupon.Id()}", "coupon", "coupon_expired");
        return (coupon, code);
    }

    public static bool IsUsable(JsonObject code, string? customer, long now) =>
        code.Bool("active")
        && (code.LongOrNull("expires_at") is not { } end || now < end)
        && (code.LongOrNull("max_redemptions") is not { } most || code.Long("times_redeemed") < most)
        && (code.Str("customer") is not { } only || only == customer);

    /// <summary>Fills in <c>discount_amounts</c> of the lines and the invoice's totals of them.</summary>
    public static async Task ApplyAsync(StripeTransaction tx, JsonObject invoice, IReadOnlyList<JsonObject> lines, JsonObject customer, JsonObject? subscription)
    {
        foreach (var line in lines)
            line["discount_amounts"] = new JsonArray();
        var totals = new JsonArray();
        var ids = new JsonArray();
        foreach (var discount in await HoldingAsync(tx, invoice, customer, subscription))
        {
            var coupon = (await tx.FindAsync(discount.Obj("source").Str("coupon")))!;
            var amount = Spread(coupon, discount.Id(), lines);
            ids.Add(discount.Id());
            totals.Add(new JsonObject { ["amount"] = amount, ["discount"] = discount.Id() });
        }
        invoice["discounts"] = ids;
        invoice["total_discount_amounts"] = totals;
    }

    private static async Task<IReadOnlyList<JsonObject>> HoldingAsync(StripeTransaction tx, JsonObject invoice, JsonObject customer, JsonObject? subscription)
    {
        var ids = invoice.Arr("_discounts").Concat(subscription.Arr("discounts")).Select(i => (string?)i).ToList();
        if (ids.Count == 0 && customer.Obj("discount").Str("id") is { } own)
            ids.Add(own);
        var holding = new List<JsonObject>();
        foreach (var id in ids)
            if (await tx.FindAsync(id) is { } discount && (discount.LongOrNull("end") is not { } end || tx.Now < end))
                holding.Add(discount);
        return holding;
    }

    private static bool Covers(JsonObject coupon, JsonObject line)
    {
        var products = coupon.Obj("applies_to").Arr("products");
        return products.Count == 0 || products.Any(p => (string?)p == line.Obj("pricing").Obj("price_details").Str("product"));
    }

    public static long Spread(JsonObject coupon, string discount, IReadOnlyList<JsonObject> all)
    {
        var lines = all.Where(l => l.Bool("discountable") && l.Long("amount") > 0 && Covers(coupon, l)).ToList();
        var open = lines.Sum(Remaining);
        var wanted = coupon.LongOrNull("amount_off") is { } off ? Math.Min(off, open) : -1;
        long given = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var left = Remaining(lines[i]);
            var amount = wanted < 0 ? (long)Math.Round(left * PercentOff(coupon) / 100m, MidpointRounding.AwayFromZero)
                : i == lines.Count - 1 ? wanted - given
                : open == 0 ? 0 : (long)Math.Round((decimal)wanted * left / open, MidpointRounding.AwayFromZero);
            lines[i].Arr("discount_amounts").Add(new JsonObject { ["amount"] = amount, ["discount"] = discount });
            given += amount;
        }
        return given;
    }

    private static decimal PercentOff(JsonObject coupon) => coupon["percent_off"] is JsonValue v ? decimal.Parse(v.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>What a line costs after its discounts.</summary>
    public static long Remaining(JsonObject line) => line.Long("amount") - line.Arr("discount_amounts").OfType<JsonObject>().Sum(d => d.Long("amount"));

    /// <summary>A coupon for one invoice leaves the subscription with that invoice.</summary>
    public static async Task RedeemAsync(StripeTransaction tx, JsonObject invoice, JsonObject? subscription)
    {
        foreach (var id in subscription.Arr("discounts").Select(i => (string?)i).ToList())
            if (await tx.FindAsync(id) is { } discount && await tx.FindAsync(discount.Obj("source").Str("coupon")) is { } coupon && coupon.Str("duration") == "once"
                && invoice.Arr("discounts").Any(d => (string?)d == id))
            {
                subscription!["discounts"] = Json.Strings(subscription.Arr("discounts").Select(d => (string)d!).Where(d => d != id));
                tx.Save(subscription);
            }
    }
}
