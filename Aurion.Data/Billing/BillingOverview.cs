namespace Aurion.Data.Billing;

/// <summary>Everything the billing page says.</summary>
public sealed record BillingOverview(CurrentPlan Plan, Subscription? Subscription, OpenCheckout? Checkout, IReadOnlyList<Invoice> Invoices);

/// <summary>The plan that the account is on, which is what was paid.</summary>
public sealed record CurrentPlan(
    string Type, string Name, string Status, string? Interval, DateTimeOffset PeriodEnd, DateTimeOffset? PaidUntil,
    DateTimeOffset? GraceEndsAt, int CreditsMonthly, int PriceCents, bool IsFrozen)
{
    /// <summary>Frozen not for want of payment, but because a payment is contested at the bank.</summary>
    public bool IsDisputed => IsFrozen && Status != "past_due";
}

/// <summary>The subscription at Stripe, which ends with its period or on <paramref name="CancelAt"/> when <paramref name="IsEnding"/>; its price is what the next invoice asks for, which may be another plan's.</summary>
public sealed record Subscription(
    string Id, string Status, string ItemId, string PriceId, string PlanType, string PlanName, string Interval, DateTimeOffset PeriodEnd,
    bool IsEnding, DateTimeOffset? CancelAt, DateTimeOffset? CanceledAt, string? PauseBehavior, DateTimeOffset? PauseResumesAt,
    bool HasPendingUpdate, bool HasDiscount, string? CardBrand, string? CardLast4, string? CardExpiry, string? OpenInvoiceUrl, int NextPriceCents);

/// <summary>A payment page that was opened and is still waiting.</summary>
public sealed record OpenCheckout(string PlanType, string PlanName, string Interval, string? Url);

/// <summary>What was billed. An automatic top-up has no invoice but a receipt, under the operation <paramref name="TopUp"/>.</summary>
public sealed record Invoice(
    string Id, string? Number, string Status, int TotalCents, int RefundedCents, int Attempts, DateTimeOffset CreatedAt, string? HostedUrl, string? PdfUrl, Guid? TopUp);
