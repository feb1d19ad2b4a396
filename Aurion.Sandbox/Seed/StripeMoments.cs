using System.Globalization;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Seed;

/// <summary>One subscription's past, as a client that had looked each time would have seen it.</summary>
internal static class StripeMoments
{
    public static IEnumerable<StripeMoment> Of(JsonNode subscription, IReadOnlyList<JsonNode> invoices)
    {
        var asItIs = Subscription(subscription);
        foreach (var invoice in invoices.Where(invoice => (string?)invoice["status"] == "paid").OrderBy(invoice => (long)invoice["created"]!))
            yield return Moment(subscription, Time(invoice["status_transitions"]?["paid_at"])!.Value, WhenPaid(asItIs, invoice), invoice);

        if ((bool)subscription["cancel_at_period_end"]! || (string?)subscription["status"] == "canceled")
            yield return Moment(subscription, Time(subscription["ended_at"]) ?? Time(subscription["canceled_at"])!.Value, asItIs);
        if (invoices.SingleOrDefault(invoice => (string?)invoice["status"] == "open") is { } unpaid)
            yield return Moment(subscription, Time(unpaid["created"])!.Value.AddHours(1), asItIs, unpaid);
    }

    private static StripeMoment Moment(JsonNode subscription, DateTimeOffset at, JsonObject seen, params JsonNode[] invoices) => new(at, new JsonObject
    {
        ["customer_id"] = Id(subscription["customer"]),
        ["claimed_user"] = (string?)subscription["metadata"]!["aurion_user"],
        ["livemode"] = false,
        ["subscription"] = seen.DeepClone(),
        ["invoices"] = new JsonArray([.. invoices.Select(Invoice)]),
    });

    private static JsonObject WhenPaid(JsonObject today, JsonNode invoice)
    {
        var then = (JsonObject)today.DeepClone();
        var period = Lines(invoice).Last()["period"]!;
        then["status"] = "active";
        then["current_period_start"] = Iso(period["start"]);
        then["current_period_end"] = Iso(period["end"]);
        then["cancel_at_period_end"] = false;
        then["latest_invoice_id"] = (string?)invoice["id"];
        foreach (var later in new[] { "cancel_at", "canceled_at", "ended_at" })
            then.Remove(later);
        return then;
    }

    private static JsonObject Subscription(JsonNode json)
    {
        var item = json["items"]!["data"]![0]!;
        var card = json["default_payment_method"] is JsonObject method ? method["card"] : null;
        return Named(new JsonObject
        {
            ["id"] = (string?)json["id"],
            ["customer_id"] = Id(json["customer"]),
            ["status"] = (string?)json["status"],
            ["created_at"] = Iso(json["created"]),
            ["livemode"] = false,
            ["claimed_user"] = (string?)json["metadata"]!["aurion_user"],
            ["item_id"] = (string?)item["id"],
            ["price"] = (string?)item["price"]!["id"],
            ["product"] = Id(item["price"]!["product"]),
            ["quantity"] = 1,
            ["current_period_start"] = Iso(item["current_period_start"]),
            ["current_period_end"] = Iso(item["current_period_end"]),
            ["cancel_at_period_end"] = (bool)json["cancel_at_period_end"]!,
            ["cancel_at"] = Iso(json["cancel_at"]),
            ["canceled_at"] = Iso(json["canceled_at"]),
            ["ended_at"] = Iso(json["ended_at"]),
            ["latest_invoice_id"] = Id(json["latest_invoice"]),
            ["has_pending_update"] = false,
            ["card_brand"] = (string?)card?["brand"],
            ["card_last4"] = (string?)card?["last4"],
            ["card_expiry"] = card is null ? null : string.Create(CultureInfo.InvariantCulture, $"{(int)card["exp_month"]!:00}/{(int)card["exp_year"]! % 100:00}"),
        });
    }

    private static JsonObject Invoice(JsonNode json) => Named(new JsonObject
    {
        ["id"] = (string?)json["id"],
        ["customer_id"] = Id(json["customer"]),
        ["subscription_id"] = (string?)json["parent"]!["subscription_details"]!["subscription"],
        ["livemode"] = false,
        ["number"] = (string?)json["number"],
        ["status"] = (string?)json["status"],
        ["billing_reason"] = (string?)json["billing_reason"],
        ["currency"] = (string?)json["currency"],
        ["total"] = (int)json["total"]!,
        ["amount_due"] = (int)json["amount_due"]!,
        ["amount_paid"] = (int)json["amount_paid"]!,
        ["attempt_count"] = (int)json["attempt_count"]!,
        ["next_attempt_at"] = Iso(json["next_payment_attempt"]),
        ["created_at"] = Iso(json["created"]),
        ["paid_at"] = Iso(json["status_transitions"]?["paid_at"]),
        ["hosted_url"] = (string?)json["hosted_invoice_url"],
        ["pdf_url"] = (string?)json["invoice_pdf"],
        ["lines"] = new JsonArray([.. Lines(json).Select(Line)]),
    });

    private static JsonObject Line(JsonNode json) => Named(new JsonObject
    {
        ["id"] = (string?)json["id"],
        ["price"] = (string?)json["pricing"]!["price_details"]!["price"],
        ["product"] = (string?)json["pricing"]!["price_details"]!["product"],
        ["quantity"] = 1,
        ["amount"] = (int)json["amount"]!,
        ["currency"] = (string?)json["currency"],
        ["proration"] = (bool?)json["parent"]?["subscription_item_details"]?["proration"] ?? false,
        ["period_start"] = Iso(json["period"]!["start"]),
        ["period_end"] = Iso(json["period"]!["end"]),
    });

    private static IEnumerable<JsonNode> Lines(JsonNode invoice) => invoice["lines"]!["data"]!.AsArray().Select(line => line!);

    // What is unknown is left out: the reader takes an absent name for null.
    private static JsonObject Named(JsonObject all)
    {
        foreach (var (name, _) in all.Where(pair => pair.Value is null).ToList())
            all.Remove(name);
        return all;
    }

    private static string? Id(JsonNode? reference) => reference is JsonObject whole ? (string?)whole["id"] : (string?)reference;

    private static DateTimeOffset? Time(JsonNode? seconds) => seconds is null ? null : DateTimeOffset.FromUnixTimeSeconds((long)seconds);

    private static string? Iso(JsonNode? seconds) => Time(seconds)?.ToString("O", CultureInfo.InvariantCulture);
}
