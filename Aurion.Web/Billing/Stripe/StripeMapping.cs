using System.Globalization;
using Stripe;
using Stripe.Checkout;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Stripe's objects in our words. A person is claimed by the metadata that we wrote; a client_reference_id may be the payer's choice: it is compared, and gives nothing.</summary>
internal static class StripeMapping
{
    public const string UserKey = "aurion_user";
    public const string PackKey = "aurion_pack";
    public const string OperationKey = "aurion_operation";
    public const string PriceKey = "aurion_price";
    public const string CardKey = "aurion_card";

    public static StripeSubscription ToSubscription(this Subscription subscription)
    {
        var item = subscription.Items.Data.FirstOrDefault();
        var price = item?.Price?.Id ?? "";
        var planned = subscription.Schedule?.Phases?.LastOrDefault()?.Items?.FirstOrDefault()?.PriceId;
        var card = subscription.DefaultPaymentMethod?.Card;
        var ends = Utc(item?.CurrentPeriodEnd ?? default);
        return new StripeSubscription(
            subscription.Id, subscription.CustomerId, subscription.Status, Utc(subscription.Created), subscription.Livemode, User(subscription.Metadata),
            item?.Id ?? "", price, planned ?? price, (int)Math.Max(item?.Quantity ?? 0, 1), subscription.ScheduleId,
            Utc(item?.CurrentPeriodStart ?? default), ends,
            subscription.CancelAtPeriodEnd, EndOf(subscription), Utc(subscription.CanceledAt), Utc(subscription.EndedAt),
            subscription.LatestInvoiceId, subscription.PendingUpdate is not null,
            subscription.Discounts?.Any(discount => discount is not null && (Utc(discount.End) is not { } end || end > ends)) == true,
            card?.Brand, card?.Last4, card is null ? null : string.Create(CultureInfo.InvariantCulture, $"{card.ExpMonth:00}/{card.ExpYear % 100:00}"))
        {
            PendingPrice = subscription.PendingUpdate?.SubscriptionItems?.FirstOrDefault()?.Price?.Id,
            Discounts = subscription.DiscountIds ?? [],
            PhaseStart = Utc(subscription.Schedule?.CurrentPhase?.StartDate),
            PauseBehavior = subscription.PauseCollection?.Behavior,
            PauseResumesAt = Utc(subscription.PauseCollection?.ResumesAt),
        };
    }

    // A schedule turns its phases by this date, too: it is an end only where the schedule ends the subscription.
    private static DateTimeOffset? EndOf(Subscription subscription) =>
        subscription.Schedule is { EndBehavior: not "cancel" } ? null : Utc(subscription.CancelAt);

    public static StripeInvoice ToInvoice(this Invoice invoice, IEnumerable<InvoiceLineItem> lines) => new(
        invoice.Id ?? "", invoice.CustomerId ?? "", invoice.Parent?.SubscriptionDetails?.SubscriptionId, User(invoice.Parent?.SubscriptionDetails?.Metadata),
        invoice.Livemode, invoice.Number, invoice.Status ?? "draft", invoice.BillingReason ?? "manual",
        invoice.Currency ?? "", Cents(invoice.Total), Cents(invoice.AmountDue), Cents(invoice.AmountPaid), Cents(invoice.AttemptCount), Utc(invoice.NextPaymentAttempt),
        Utc(invoice.Created), Utc(invoice.StatusTransitions?.PaidAt), invoice.HostedInvoiceUrl, invoice.InvoicePdf, [.. lines.Select(ToLine)]);

    private static StripeInvoiceLine ToLine(InvoiceLineItem line) => new(
        line.Id ?? "", line.Pricing?.PriceDetails?.PriceId, line.Pricing?.PriceDetails?.Product,
        (int)Math.Max(line.Quantity ?? 0, 1), Cents(line.Amount), line.Currency ?? "",
        line.Parent?.SubscriptionItemDetails?.Proration == true || line.Parent?.InvoiceItemDetails?.Proration == true,
        Utc(line.Period?.Start ?? default), Utc(line.Period?.End ?? default));

    public static StripeCheckout ToCheckout(this Session session) => new(
        session.Id, session.CustomerId, User(session.Metadata), session.Livemode, session.Mode ?? "", session.Status ?? "", session.PaymentStatus ?? "",
        session.SubscriptionId, session.InvoiceId, session.PaymentIntentId, session.Url, Utc(session.ExpiresAt), Text(session.Metadata, PackKey))
    {
        NamedUser = Named(session),
    };

    private static Guid? Named(Session session) => Guid.TryParse(session.ClientReferenceId, out var user) ? user : User(session.Metadata);

    /// <summary>A session in mode payment, with line_items and payment_intent.latest_charge expanded.</summary>
    public static StripePurchase ToPurchase(this Session session, MoneyBack back)
    {
        var lines = session.LineItems.Data;
        var charge = session.PaymentIntent?.LatestCharge;
        // A bank that took its time and said no leaves the page complete.
        var refused = session is { PaymentStatus: "unpaid", Status: "complete", PaymentIntent.Status: "requires_payment_method" or "canceled" };
        return new StripePurchase(
            session.Id, session.PaymentIntentId, Operation(session.Metadata), refused ? "failed" : session.Status ?? "", session.PaymentStatus ?? "",
            session.Currency ?? "", lines.FirstOrDefault()?.Price?.Id, lines.Count, (int)(lines.FirstOrDefault()?.Quantity ?? 0),
            Cents(session.AmountSubtotal), Cents(session.TotalDetails?.AmountDiscount), Cents(session.AmountTotal), session.Discounts is { Count: > 0 },
            charge is { Paid: true } ? Cents(charge.Amount) : 0, back.Refunded, back.DisputeStatus, back.Disputed, back.Lost);
    }

    /// <summary>A payment off session, with latest_charge expanded; its price is the one that we wrote beside it.</summary>
    public static StripePurchase ToTopUp(this PaymentIntent intent, MoneyBack back)
    {
        var (amount, charge) = (Cents(intent.Amount), intent.LatestCharge);
        var (status, payment) = intent.Status switch
        {
            "succeeded" => ("complete", "paid"),
            "processing" => ("open", "unpaid"),
            _ => ("failed", "unpaid"),
        };
        return new StripePurchase(
            null, intent.Id, Operation(intent.Metadata), status, payment, intent.Currency ?? "", Text(intent.Metadata, PriceKey), 1, 1, amount, 0, amount, false,
            charge is { Paid: true } ? Cents(charge.Amount) : 0, back.Refunded, back.DisputeStatus, back.Disputed, back.Lost);
    }

    public static StripeCard? ToCard(this PaymentMethod? method) =>
        method?.Card is { } card ? new StripeCard(method.Id, card.Brand ?? "", card.Last4 ?? "") : null;

    /// <summary>A session in mode setup, with setup_intent.payment_method expanded.</summary>
    public static SavedCard ToSavedCard(this Session session) =>
        ToSavedCard(session, session is { Status: "complete", SetupIntent.Status: "succeeded" } ? session.SetupIntent.PaymentMethod.ToCard() : null);

    private static SavedCard ToSavedCard(Session session, StripeCard? card) => new(
        session.Id, session.CustomerId, Named(session), session.Livemode, Utc(session.Created), card);

    /// <summary>The card of a payment page of ours on which the person let us keep it; null before it has paid.</summary>
    public static SavedCard? ToKeptCard(this Session session) =>
        session is { CustomerId: not null, PaymentIntent: { SetupFutureUsage: "off_session", Status: "succeeded" } intent }
        && Operation(session.Metadata) is not null && intent.PaymentMethod.ToCard() is { } card ? ToSavedCard(session, card) : null;

    public static Guid? User(IDictionary<string, string>? metadata) => Guid.TryParse(Text(metadata, UserKey), out var user) ? user : null;

    public static Guid? Operation(IDictionary<string, string>? metadata) => Guid.TryParse(Text(metadata, OperationKey), out var operation) ? operation : null;

    public static string? Text(IDictionary<string, string>? metadata, string key) => metadata?.TryGetValue(key, out var text) == true ? text : null;

    public static int Cents(long? amount) => checked((int)(amount ?? 0));

    public static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    public static DateTimeOffset? Utc(DateTime? time) => time is { } known ? Utc(known) : null;
}
