namespace Aurion.Sandbox.Stripe.Seed;

/// <summary>A customer with a past: made up without telling any endpoint.</summary>
public sealed record SeedCustomer(string Email, string Name)
{
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    /// <summary>When the customer was created; the subscription's start if not given.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
    public SeedSubscription? Subscription { get; init; }
}

/// <summary>A subscription that began in the past and was renewed, with paid invoices, until now.</summary>
/// <param name="Price">A price id or a lookup key.</param>
public sealed record SeedSubscription(string Price, DateTimeOffset StartedAt)
{
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string Card { get; init; } = "4242424242424242";
    /// <summary>The last renewal was declined: the subscription is past due.</summary>
    public bool LastRenewalFails { get; init; }
    public DateTimeOffset? CanceledAt { get; init; }
    public bool CancelAtPeriodEnd { get; init; }
}

/// <summary>What came of a <see cref="SeedCustomer"/>.</summary>
public sealed record SeededCustomer(string Email, string CustomerId, SeededSubscription? Subscription);

public sealed record SeededSubscription(string Id, string Status, string PriceId, string ProductId, DateTimeOffset CurrentPeriodStart, DateTimeOffset CurrentPeriodEnd, IReadOnlyList<SeededInvoice> Invoices);

/// <summary>An invoice of the past, oldest first.</summary>
public sealed record SeededInvoice(string Id, string LineId, string PriceId, string Status, string BillingReason, long AmountPaid, DateTimeOffset CreatedAt, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd);
