using System.Text.Json.Nodes;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// A life that is recorded once in today's shapes and delivered in those of other years: 2018 (plan instead of price, periods on the
/// subscription), until 2025-03-31 (price on lines, the invoice's subscription on top), and since (pricing, parent, periods on items).
/// </summary>
public sealed class ShapeTests(SixMoments life) : IClassFixture<SixMoments>
{
    [Theory]
    [InlineData("2018-02-28", "plan", true)]
    [InlineData("2020-08-27", "price", true)]
    [InlineData("2025-03-31.basil", "pricing", false)]
    [InlineData("2025-02-24.acacia", "both", true)]
    public async Task The_same_life_told_in_the_shapes_of_another_year_ends_in_the_same_books(string version, string priced, bool periodsOnTop)
    {
        await using var replay = await ReplayApp.StartAsync(life, 1);
        foreach (var moment in life.Recording.Moments)
        {
            replay.Clock.StopAt(moment.At);
            await replay.DeliverAsync(moment.Events.Select(e => Reshape(replay.EventFor(0, e), priced, periodsOnTop).Replace("2026-10-28.endive", version, StringComparison.Ordinal)));
        }
        Books.AssertSame(life.Seen[^1], await replay.SeenAsync(Detail.Moved));
    }

    private static string Reshape(string body, string priced, bool periodsOnTop)
    {
        var json = JsonNode.Parse(body)!;
        foreach (var o in Objects(json).ToList())
        {
            var kind = (o["object"] as JsonValue)?.ToString();
            if (kind == "subscription" && periodsOnTop)
                OldSubscription(o, priced);
            else if (kind == "invoice" && periodsOnTop)
                OldInvoice(o);
            else if (kind == "line_item" && priced != "pricing")
                OldLine(o, priced);
        }
        return json.ToJsonString();
    }

    private static void OldSubscription(JsonObject subscription, string priced)
    {
        var item = (JsonObject)subscription["items"]!["data"]![0]!;
        foreach (var name in new[] { "current_period_start", "current_period_end" })
        {
            subscription[name] = item[name]!.DeepClone();
            item.Remove(name);
        }
        if (priced != "plan")
            return;
        item["plan"] = new JsonObject { ["id"] = item["price"]!["id"]!.DeepClone(), ["object"] = "plan", ["amount"] = item["price"]!["unit_amount"]!.DeepClone() };
        item.Remove("price");
    }

    private static void OldInvoice(JsonObject invoice)
    {
        var details = invoice["parent"]!["subscription_details"]!;
        invoice["subscription"] = details["subscription"]!.DeepClone();
        invoice["subscription_details"] = new JsonObject { ["metadata"] = details["metadata"]!.DeepClone() };
        invoice.Remove("parent");
    }

    private static void OldLine(JsonObject line, string priced)
    {
        var details = line["pricing"]!["price_details"]!;
        line[priced == "plan" ? "plan" : "price"] = new JsonObject { ["id"] = details["price"]!.DeepClone(), ["product"] = details["product"]!.DeepClone() };
        line["proration"] = line["parent"]!["subscription_item_details"]!["proration"]!.DeepClone();
        if (priced == "both")
            return;
        line.Remove("pricing");
        line.Remove("parent");
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject o => o.Select(member => member.Value).SelectMany(Objects).Append(o),
        JsonArray array => array.SelectMany(Objects),
        _ => [],
    };
}
