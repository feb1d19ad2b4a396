using System.Globalization;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Prices
{
    public static void Map(StripeApi api)
    {
        api.Post("prices", CreateAsync);
        api.Retrieve("prices", "price");
        api.Post("prices/{id}", UpdateAsync);
        api.List("prices", "price",
            ("active", "data->>'active'"), ("product", "data->>'product'"), ("lookup_keys", "data->>'lookup_key'"), ("currency", "data->>'currency'"),
            ("type", "data->>'type'"), ("recurring.interval", "data->'recurring'->>'interval'"));
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        string product;
        if (p.Map("product_data") is { } data)
        {
            var created = Products.New(tx, data.Required("name"), data.Metadata(), data.Text("id"));
            tx.Create("product.created", created);
            product = created.Id();
        }
        else
        {
            product = (await tx.GetAsync("product", p.Required("product"), "product")).Id();
        }
        await ClaimLookupKeyAsync(tx, p.Text("lookup_key"), p.Bool("transfer_lookup_key") ?? false);
        return Create(tx, p, product);
    }

    public static JsonObject Create(StripeTransaction tx, Params p, string product)
    {
        var price = New(tx, p, product);
        tx.Create("price.created", price);
        return price;
    }

    public static JsonObject New(StripeTransaction tx, Params p, string product)
    {
        var amount = p.Long("unit_amount") ?? (long?)p.Decimal("unit_amount_decimal")
            ?? throw StripeError.Invalid("Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.", "unit_amount", "parameter_missing");
        if (amount < 0)
            throw StripeError.Invalid("This value must be greater than or equal to 0.", "unit_amount", "parameter_invalid_integer");
        p.Accept("billing_scheme");
        return new JsonObject
        {
            ["id"] = Ids.New("price_1", 23),
            ["object"] = "price",
            ["active"] = p.Bool("active") ?? true,
            ["billing_scheme"] = "per_unit",
            ["created"] = tx.Now,
            ["currency"] = p.Required("currency").ToLowerInvariant(),
            ["custom_unit_amount"] = null,
            ["livemode"] = false,
            ["lookup_key"] = p.Text("lookup_key"),
            ["metadata"] = p.Metadata(),
            ["nickname"] = p.Text("nickname"),
            ["product"] = product,
            ["recurring"] = Recurring(p.Map("recurring")),
            ["tax_behavior"] = p.Text("tax_behavior") ?? "unspecified",
            ["tiers_mode"] = null,
            ["transform_quantity"] = null,
            ["type"] = p.Has("recurring") ? "recurring" : "one_time",
            ["unit_amount"] = amount,
            ["unit_amount_decimal"] = amount.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static JsonObject? Recurring(Params? p) => p is null ? null : new JsonObject
    {
        ["interval"] = p.OneOf("interval", "day", "week", "month", "year") ?? throw StripeError.MissingParam($"{p.Path}[interval]"),
        ["interval_count"] = p.Long("interval_count") ?? 1,
        ["meter"] = null,
        ["trial_period_days"] = null,
        ["usage_type"] = p.OneOf("usage_type", "licensed") ?? "licensed",
    };

    private static async Task ClaimLookupKeyAsync(StripeTransaction tx, string? key, bool transfer)
    {
        if (key is null || (await tx.AllAsync("price")).FirstOrDefault(o => o.Str("lookup_key") == key) is not { } holder)
            return;
        if (!transfer)
            throw StripeError.Invalid($"A price (`{holder.Id()}`) already uses that lookup key.", "lookup_key", "resource_already_exists");
        holder["lookup_key"] = null;
        tx.Update("price.updated", holder);
    }

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var price = await tx.GetAsync("price", call.Id);
        if (p.Text("lookup_key") is { } key && key != price.Str("lookup_key"))
            await ClaimLookupKeyAsync(tx, key, p.Bool("transfer_lookup_key") ?? false);
        p.Accept("transfer_lookup_key");
        p.CopyTo(price, "nickname", "tax_behavior", "lookup_key");
        if (p.Bool("active") is { } active)
            price["active"] = active;
        if (p.Has("metadata"))
            price["metadata"] = p.Metadata(price.Obj("metadata"));
        tx.Update("price.updated", price);
        return price;
    }

    /// <summary>The price named by <paramref name="id"/>, ready to be sold.</summary>
    public static async Task<JsonObject> GetActiveAsync(StripeTransaction tx, string id, string param)
    {
        var price = await tx.GetAsync("price", id, param);
        if (!price.Bool("active"))
            throw StripeError.Invalid("The price specified is inactive. This field only accepts active prices.", param, "price_inactive");
        return price;
    }

    public static (string Interval, int Count) IntervalOf(JsonObject price) =>
        (price.Obj("recurring").Str("interval") ?? "month", (int)(price.Obj("recurring").LongOrNull("interval_count") ?? 1));

    /// <summary>The old "plan" form of a recurring price, which subscription items still carry.</summary>
    public static JsonObject Plan(JsonObject price) => new()
    {
        ["id"] = price.Id(),
        ["object"] = "plan",
        ["active"] = price.Bool("active"),
        ["amount"] = price.Long("unit_amount"),
        ["amount_decimal"] = price.Str("unit_amount_decimal"),
        ["billing_scheme"] = "per_unit",
        ["created"] = price.Long("created"),
        ["currency"] = price.Str("currency"),
        ["interval"] = price.Obj("recurring").Str("interval"),
        ["interval_count"] = price.Obj("recurring")!.Long("interval_count"),
        ["livemode"] = false,
        ["metadata"] = price.Obj("metadata")?.Clone(),
        ["meter"] = null,
        ["nickname"] = price.Str("nickname"),
        ["product"] = price.Str("product"),
        ["tiers_mode"] = null,
        ["transform_usage"] = null,
        ["trial_period_days"] = null,
        ["usage_type"] = "licensed",
    };
}
