using System.Text.Json.Serialization;

namespace Aurion.Web.Billing.Stripe;

/// <summary>
/// A subscription as Stripe has it now. <see cref="ItemPrice"/> is today's price; <see cref="Price"/> is what the next
/// period will ask for, which a schedule may have changed.
/// </summary>
public sealed record StripeSubscription(
    string Id, string CustomerId, string Status, DateTimeOffset CreatedAt, bool Livemode, Guid? ClaimedUser,
    string ItemId, string ItemPrice, string Price, int Quantity, string? ScheduleId,
    DateTimeOffset CurrentPeriodStart, DateTimeOffset CurrentPeriodEnd,
    bool CancelAtPeriodEnd, DateTimeOffset? CancelAt, DateTimeOffset? CanceledAt, DateTimeOffset? EndedAt,
    string? LatestInvoiceId, bool HasPendingUpdate, bool HasDiscount, string? CardBrand, string? CardLast4, string? CardExpiry)
{
    /// <summary>The price that waits for its payment.</summary>
    [JsonIgnore]
    public string? PendingPrice { get; init; }

    /// <summary>The discounts that hold for the subscription itself, not for its customer.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Discounts { get; init; } = [];

    /// <summary>Where the running phase of a schedule began.</summary>
    [JsonIgnore]
    public DateTimeOffset? PhaseStart { get; init; }

    /// <summary>void, keep_as_draft or mark_uncollectible while collection is paused; null otherwise.</summary>
    public string? PauseBehavior { get; init; }

    public DateTimeOffset? PauseResumesAt { get; init; }

    /// <summary>It will end: with its period, or on a date.</summary>
    [JsonIgnore]
    public bool IsEnding => CancelAtPeriodEnd || CancelAt is not null;

    [JsonIgnore]
    public bool IsOver => Status is "canceled" or "incomplete_expired";
}

/// <summary>An invoice with its lines. Grants come from the lines of paid invoices and from nothing else.</summary>
public sealed record StripeInvoice(
    string Id, string CustomerId, string? SubscriptionId, Guid? ClaimedUser, bool Livemode, string? Number, string Status, string BillingReason,
    string Currency, int Total, int AmountDue, int AmountPaid, int AttemptCount, DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt, DateTimeOffset? PaidAt, string? HostedUrl, string? PdfUrl,
    IReadOnlyList<StripeInvoiceLine> Lines);

public sealed record StripeInvoiceLine(
    string Id, string? Price, string? Product, int Quantity, int Amount, string Currency, bool Proration,
    DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd);

/// <summary>A visit to Stripe's payment page.</summary>
public sealed record StripeCheckout(
    string Id, string? CustomerId, Guid? ClaimedUser, bool Livemode, string Mode, string Status, string PaymentStatus,
    string? SubscriptionId, string? InvoiceId, string? PaymentIntentId, string? Url, DateTimeOffset? ExpiresAt, string? Pack)
{
    /// <summary>Whom the page names, which may be the payer's own choice: only to be compared.</summary>
    [JsonIgnore]
    public Guid? NamedUser { get; init; }
}

/// <summary>The money that a charge moved: what of it went back, and how a dispute about it stands.</summary>
public sealed record StripePayment(string? InvoiceId, int Amount, int AmountRefunded, string? DisputeStatus, int AmountDisputed, int AmountLost);

/// <summary>What of a charge went back: by refunds that did not fail, by disputes that were lost; what a bank looks into; the dispute that counts.</summary>
public sealed record MoneyBack(int Refunded, string? DisputeStatus, int Disputed, int Lost)
{
    public static MoneyBack None { get; } = new(0, null, 0, 0);
}

/// <summary>One payment for a pack, by payment page or off session. Names are those of the mirror's columns.</summary>
public sealed record StripePurchase(
    string? SessionId, string? PaymentIntentId, Guid? OperationId, string Status, string PaymentStatus, string Currency,
    string? Price, int Lines, int Quantity, int Subtotal, int Discount, int Total, bool HasCoupon,
    int AmountPaid, int AmountRefunded, string? DisputeStatus, int AmountDisputed, int AmountLost);

/// <summary>A card that Stripe keeps for a customer.</summary>
public sealed record StripeCard(string MethodId, string Brand, string Last4);

/// <summary>What became of a page on which a card is saved, by itself or with a payment; no card until the bank has agreed to it.</summary>
public sealed record SavedCard(string SessionId, string CustomerId, Guid? NamedUser, bool Livemode, DateTimeOffset CreatedAt, StripeCard? Card);
