using System.Globalization;
using System.Text.Json;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Stripe's JSON into our words. Reads the shapes from before and after 2025-03-31, when periods moved to the items.</summary>
internal static class StripeReading
{
    public const string UserKey = "aurion_user";
    public const string PackKey = "aurion_pack";
    public const string OperationKey = "aurion_operation";
    public const string PriceKey = "aurion_price";
    public const string CardKey = "aurion_card";

    public static StripeSubscription Subscription(JsonElement json)
    {
        var item = json.List("items").FirstOrDefault();
        var price = item.At("price").ValueKind == JsonValueKind.Object ? item.At("price") : item.At("plan");
        var id = price.Text("id") ?? "";
        var planned = json.At("schedule").List("phases").LastOrDefault().List("items").FirstOrDefault().Id("price");
        var card = json.At("default_payment_method", "card");
        var ends = json.Time("current_period_end") ?? item.Time("current_period_end") ?? default;
        return new StripeSubscription(
            json.Required("id"), json.Id("customer") ?? "", json.Required("status"), json.Time("created") ?? default,
            json.Flag("livemode"), User(json.At("metadata")),
            item.Text("id") ?? "", id, planned ?? id, Math.Max(item.Int("quantity"), 1), json.Id("schedule"),
            json.Time("current_period_start") ?? item.Time("current_period_start") ?? default,
            ends,
            json.Flag("cancel_at_period_end"), json.Time("cancel_at"), json.Time("canceled_at"), json.Time("ended_at"),
            json.Id("latest_invoice"), json.At("pending_update").ValueKind == JsonValueKind.Object,
            json.List("discounts").Any(discount => discount.Time("end") is not { } end || end > ends),
            card.Text("brand"), card.Text("last4"), CardExpiry(card));
    }

    public static StripeInvoice Invoice(JsonElement json) => new(
        json.Text("id") ?? "", json.Id("customer") ?? "",
        json.Id("subscription") ?? json.Id("parent", "subscription_details", "subscription"),
        User(json.At("parent", "subscription_details", "metadata")) ?? User(json.At("subscription_details", "metadata")),
        json.Flag("livemode"), json.Text("number"), json.Text("status") ?? "draft", json.Text("billing_reason") ?? "manual",
        json.Text("currency") ?? "", json.Int("total"), json.Int("amount_due"), json.Int("amount_paid"),
        json.Int("attempt_count"), json.Time("next_payment_attempt"),
        json.Time("created") ?? default, json.Time("status_transitions", "paid_at"),
        json.Text("hosted_invoice_url"), json.Text("invoice_pdf"),
        [.. json.List("lines").Select(Line)]);

    public static StripeCheckout Checkout(JsonElement json) => new(
        json.Required("id"), json.Id("customer"),
        Guid.TryParse(json.Text("client_reference_id"), out var user) ? user : User(json.At("metadata")),
        json.Flag("livemode"), json.Text("mode") ?? "", json.Text("status") ?? "", json.Text("payment_status") ?? "",
        json.Id("subscription"), json.Id("invoice"), json.Id("payment_intent"), json.Text("url"), json.Time("expires_at"),
        json.Text("metadata", PackKey));

    /// <summary>A session in mode payment, with line_items and payment_intent.latest_charge expanded.</summary>
    public static StripePurchase Purchase(JsonElement session, string? dispute)
    {
        var lines = session.List("line_items").ToList();
        var line = lines.FirstOrDefault();
        var charge = session.At("payment_intent", "latest_charge");
        var payment = session.Text("payment_status") ?? "";
        // A bank that took its time and said no leaves the page complete.
        var refused = payment == "unpaid" && session.Text("status") == "complete" && session.Text("payment_intent", "status") is ("requires_payment_method" or "canceled");
        return new StripePurchase(
            session.Required("id"), session.Id("payment_intent"), Operation(session), refused ? "failed" : session.Text("status") ?? "", payment,
            session.Text("currency") ?? "", line.Id("price"), lines.Count, line.Int("quantity"),
            session.Int("amount_subtotal"), session.Int("total_details", "amount_discount"), session.Int("amount_total"), session.List("discounts").Any(),
            charge.Flag("paid") ? charge.Int("amount") : 0, charge.Int("amount_refunded"), dispute);
    }

    /// <summary>A payment off session, with latest_charge expanded; its price is the one that we wrote beside it.</summary>
    public static StripePurchase TopUp(JsonElement intent, string? dispute)
    {
        var (amount, charge) = (intent.Int("amount"), intent.At("latest_charge"));
        var (status, payment) = intent.Text("status") switch
        {
            "succeeded" => ("complete", "paid"),
            "processing" => ("open", "unpaid"),
            _ => ("failed", "unpaid"),
        };
        return new StripePurchase(
            null, intent.Required("id"), Operation(intent), status, payment, intent.Text("currency") ?? "",
            intent.Text("metadata", PriceKey), 1, 1, amount, 0, amount, false,
            charge.Flag("paid") ? charge.Int("amount") : 0, charge.Int("amount_refunded"), dispute);
    }

    public static StripeCard? Card(JsonElement method) => method.At("card").ValueKind == JsonValueKind.Object
        ? new StripeCard(method.Required("id"), method.Text("card", "brand") ?? "", method.Text("card", "last4") ?? "")
        : null;

    /// <summary>A session in mode setup, with setup_intent.payment_method expanded.</summary>
    public static SavedCard SavedCard(JsonElement session, string customer) => SavedCard(session, customer,
        session.Text("status") == "complete" && session.Text("setup_intent", "status") == "succeeded" ? Card(session.At("setup_intent", "payment_method")) : null);

    private static SavedCard SavedCard(JsonElement session, string customer, StripeCard? card) => new(
        session.Required("id"), customer, Guid.TryParse(session.Text("client_reference_id"), out var user) ? user : null,
        session.Flag("livemode"), session.Time("created") ?? default, card);

    /// <summary>The card of a payment page of ours on which the person let us keep it; null before it has paid.</summary>
    public static SavedCard? KeptCard(JsonElement session) =>
        session.Id("customer") is { } customer && Operation(session) is not null && session.Text("payment_intent", "setup_future_usage") == "off_session"
        && session.Text("payment_intent", "status") == "succeeded" && Card(session.At("payment_intent", "payment_method")) is { } card
            ? SavedCard(session, customer, card) : null;

    public static Guid? Operation(JsonElement json) => Guid.TryParse(json.Text("metadata", OperationKey), out var operation) ? operation : null;

    private static StripeInvoiceLine Line(JsonElement json)
    {
        // Before 2020 a line named its plan, whose id is also the price's.
        var old = json.At("price").ValueKind == JsonValueKind.Object ? json.At("price") : json.At("plan");
        return new StripeInvoiceLine(
            json.Text("id") ?? "", old.Text("id") ?? json.Id("pricing", "price_details", "price"),
            old.Id("product") ?? json.Id("pricing", "price_details", "product"),
            Math.Max(json.Int("quantity"), 1), json.Int("amount"), json.Text("currency") ?? "",
            json.Flag("proration") || json.Flag("parent", "subscription_item_details", "proration"),
            json.Time("period", "start") ?? default, json.Time("period", "end") ?? default);
    }

    public static Guid? User(JsonElement metadata) => Guid.TryParse(metadata.Text(UserKey), out var user) ? user : null;

    private static string? CardExpiry(JsonElement card) => card.ValueKind == JsonValueKind.Object
        ? string.Create(CultureInfo.InvariantCulture, $"{card.Int("exp_month"):00}/{card.Int("exp_year") % 100:00}")
        : null;
}
