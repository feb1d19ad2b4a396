using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

internal static class SubscriptionItems
{
    public static JsonObject New(StripeTransaction tx, string subscription, JsonObject price, long quantity, long start, long end) => new()
    {
        ["id"] = Ids.New("si_", 14),
        ["object"] = "subscription_item",
        ["billing_thresholds"] = null,
        ["created"] = tx.Now,
        ["current_period_end"] = end,
        ["current_period_start"] = start,
        ["current_trial"] = null,
        ["discounts"] = new JsonArray(),
        ["metadata"] = new JsonObject(),
        ["plan"] = Prices.Plan(price),
        ["price"] = Json.Public(price),
        ["quantity"] = quantity,
        ["subscription"] = subscription,
        ["tax_rates"] = new JsonArray(),
    };

    public static void SetPrice(JsonObject item, JsonObject price)
    {
        item["price"] = Json.Public(price);
        item["plan"] = Prices.Plan(price);
    }

    public static void SetPeriod(JsonObject subscription, long start, long end)
    {
        foreach (var item in subscription.Data("items"))
        {
            item["current_period_start"] = start;
            item["current_period_end"] = end;
        }
    }

    public static (string Interval, int Count) IntervalOf(JsonObject subscription) => Prices.IntervalOf(subscription.Data("items").First().Obj("price")!);

    public static void CheckIntervals(IEnumerable<JsonObject> prices)
    {
        var known = new HashSet<(string, int)>();
        foreach (var price in prices)
        {
            if (price.Str("type") != "recurring")
                throw StripeError.Invalid($"The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.", "items[0][price]");
            known.Add(Prices.IntervalOf(price));
        }
        if (known.Count > 1)
            throw StripeError.Invalid("Currently, all items of one subscription must share the same billing interval.", "items");
    }
}
